using System.Numerics;
using PcActors.Graphs;

namespace PcActors.Learning.Instruments;

/// <summary>How many messages pass between vertices, in closed form: from the graph, before anything runs.</summary>
/// <remarks>A value that depends on data is sent along each edge once a micro-batch, any
/// other one once a step. An error returns along each edge that carries errors once a micro-batch. Where vertices do
/// not rest behind the wave, those that inference moves send anew at every timestep.</remarks>
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
    public static MessageForecast Of<T>(Graph<T> graph, LearningRule rule, int microBatches = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var counts = new Counts<T>(graph, rule, microBatches);
        return new MessageForecast(graph.Edges.Sum(counts.Values), graph.Edges.Sum(counts.Errors),
            graph.Edges.Sum(counts.FirstValues));
    }

    /// <summary>How many messages pass along one edge.</summary>
    internal sealed class Counts<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Graph<T> _graph;
        private readonly int _microBatches;

        // Timesteps after the first: 0 where vertices rest behind the wave.
        private readonly long _steps;

        public Counts(Graph<T> graph, LearningRule rule, int microBatches)
        {
            (_graph, _microBatches) = (graph, microBatches);
            if (rule.RestsBehindWave) return;
            // t = 0 .. steps: at each, errors are pulled back; at each but the first, what they reached has moved.
            _steps = rule.LearnsAtLevel
                ? graph.Parameters.Where(v => graph.RequiresError(v.Id)).Max(v => graph.Level(v.Id)) - 1
                : rule.StepsOn(graph.Depth);
        }

        /// <summary>Timesteps in a training step.</summary>
        public long Timesteps => _steps + 1;

        /// <summary>Values in a training step.</summary>
        public long Values(Edge edge) =>
            FirstValues(edge)
                + (_graph.Vertices[edge.From].Kind == VertexKind.Function && _graph.RequiresError(edge.From)
                    ? _steps * _microBatches
                    : 0);

        /// <summary>Values of the forward pass.</summary>
        public long FirstValues(Edge edge) => _graph.DependsOnData(edge.From) ? _microBatches : 1;

        /// <summary>Errors in a training step.</summary>
        public long Errors(Edge edge) => _graph.CarriesError(edge) ? Timesteps * _microBatches : 0;
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
