using System.Numerics;
using PcActors.Graphs;

namespace PcActors.Learning;

/// <summary>How many messages pass between vertices, in closed form: from the graph, before anything runs.</summary>
/// <remarks>A value that depends on data is sent along each edge once a micro-batch, any other one once a step. An error
/// returns along each edge that carries errors once a micro-batch. Where vertices do not rest behind the wave, those that
/// inference moves send anew at every timestep.</remarks>
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
        var forward = graph.Edges.Sum(e => graph.DependsOnData(e.From) ? (long)microBatches : 1);
        var errors = graph.Edges.LongCount(graph.CarriesError) * microBatches;
        if (rule.RestsBehindWave) return new MessageForecast(forward, errors, forward);

        // t = 0 .. steps: at each, errors are pulled back; at each but the first, what they reached has moved.
        var steps = rule.LearnsAtLevel
            ? graph.Parameters.Where(v => graph.RequiresError(v.Id)).Max(v => graph.Level(v.Id)) - 1
            : rule.StepsOn(graph.Depth);
        var moved = graph.Edges.LongCount(e =>
            graph.Vertices[e.From].Kind == VertexKind.Function && graph.RequiresError(e.From)) * microBatches;
        return new MessageForecast(forward + (moved * steps), errors * (steps + 1), forward);
    }
}
