using System.Numerics;
using PcActors.Graphs;

namespace PcActors.Learning.Instruments;

/// <summary>How many messages pass between vertices, in closed form: from the graph, before anything runs.</summary>
/// <remarks>A value that depends on data is sent along each edge once a micro-batch, any
/// other one once a step. An error returns along each edge that carries errors once a micro-batch. Where vertices do
/// not rest behind the wave, those that inference moves send anew at every timestep, and where there are cycles at
/// every further sweep of forward initialisation.</remarks>
/// <param name="ValuesPerStep">From inputs to consumers, in a training step.</param>
/// <param name="ErrorsPerStep">From consumers to inputs, in a training step.</param>
/// <param name="ValuesPerPrediction">From inputs to consumers, when a batch is only predicted.</param>
public sealed record MessageForecast(long ValuesPerStep, long ErrorsPerStep, long ValuesPerPrediction)
{
    /// <summary>Messages of a training step.</summary>
    public long PerStep => ValuesPerStep + ErrorsPerStep;

    /// <summary>The forecast for a graph.</summary>
    /// <param name="graph">The graph that runs: levelled, where the rule asks for it.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="microBatches">Micro-batches a step.</param>
    /// <param name="sweeps">Sweeps of the forward initialisation, where there are cycles.</param>
    public static MessageForecast Of<T>(Graph<T> graph, LearningRule rule, int microBatches = 1, int sweeps = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var counts = new Counts<T>(graph, rule, microBatches, sweeps);
        return new MessageForecast(graph.Edges.Sum(counts.Values), graph.Edges.Sum(counts.Errors),
            graph.Edges.Sum(counts.PredictedValues));
    }

    /// <summary>How many messages pass along one edge.</summary>
    internal sealed class Counts<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Graph<T> _graph;
        private readonly LearningRule _rule;
        private readonly int _microBatches;
        private readonly int _sweeps;

        public Counts(Graph<T> graph, LearningRule rule, int microBatches, int sweeps)
        {
            (_graph, _rule, _microBatches) = (graph, rule, microBatches);
            // What closes a cycle is read only in a timestep after the first sweep.
            _sweeps = graph.HasCycles ? sweeps : 0;
            Timesteps = rule.RestsBehindWave ? 1
                : rule.LearnsAtLevel
                    ? graph.Parameters.Where(v => graph.RequiresError(v.Id)).Max(v => graph.Level(v.Id))
                : rule.StepsOn(graph.Depth) + (rule.LearnsEveryTimestep ? 0 : 1);
        }

        /// <summary>Timesteps in a training step, t = 0 among them: at each errors are pulled back, and at each but the
        /// first what they reached has moved. Where inference may end earlier, the most.</summary>
        public long Timesteps { get; }

        // A rule that sweeps learns at the values of its last sweep.
        private long Movements => Timesteps - (_rule.Sweeps ? 2 : 1);

        /// <summary>Values in a training step.</summary>
        public long Values(Edge edge)
        {
            if (_rule.RestsBehindWave) return FirstValues(edge);
            if (_graph.Moves(edge.From)) return FirstValues(edge) + ((Movements + _sweeps) * _microBatches);
            if (!_rule.LearnsEveryTimestep || !_graph.Learns(edge.From)) return FirstValues(edge);
            return FirstValues(edge) + (Movements * FirstValues(edge));
        }

        /// <summary>Values when a batch is only predicted: what moves is swept on from the second sweep.</summary>
        public long PredictedValues(Edge edge) => FirstValues(edge)
            + (_graph.Moves(edge.From) ? Math.Max(0, _sweeps - 1) * _microBatches : 0);

        private long FirstValues(Edge edge) => _graph.DependsOnData(edge.From) ? _microBatches : 1;

        /// <summary>Errors in a training step.</summary>
        public long Errors(Edge edge)
        {
            if (!_graph.CarriesError(edge)) return 0;
            if (_rule.RestsBehindWave || _rule.LearnsAtLevel || _rule.LearnsEveryTimestep)
                return Timesteps * _microBatches;
            return ((_graph.Infers(edge.From) ? Timesteps - 1 : 0) + (_graph.Learns(edge.From) ? 1 : 0))
                * _microBatches;
        }
    }
}

/// <summary>How many messages vertices have sent to each other.</summary>
/// <param name="Values">From inputs to consumers.</param>
/// <param name="Errors">From consumers to inputs.</param>
public sealed record MessageCounts(long Values, long Errors)
{
    /// <summary>Both kinds.</summary>
    public long Total => Values + Errors;
}
