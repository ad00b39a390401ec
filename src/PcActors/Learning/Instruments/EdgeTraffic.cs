using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Graphs;
using PcActors.Learning.Vertices;

namespace PcActors.Learning.Instruments;

/// <summary>What passes along one edge in a training step, in closed form: from the graph,
/// before anything runs.</summary>
/// <param name="Values">Messages from input to consumer.</param>
/// <param name="ValueBytes">Bytes of their tensors.</param>
/// <param name="Errors">Messages from consumer to input.</param>
/// <param name="ErrorBytes">Bytes of their tensors: of the factors, where an error travels factored.</param>
public readonly record struct EdgeTraffic(long Values, long ValueBytes, long Errors, long ErrorBytes)
{
    /// <summary>Messages in both directions.</summary>
    public long Messages => Values + Errors;

    /// <summary>Bytes in both directions.</summary>
    public long Bytes => ValueBytes + ErrorBytes;

    /// <summary>The traffic of every edge, in the order of <see cref="Graph{T}.Edges"/>.</summary>
    /// <param name="graph">The graph that runs: levelled, where the rule asks for it.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="clock">The clock; it decides which errors travel factored.</param>
    /// <param name="microBatches">Micro-batches a step.</param>
    /// <param name="sweeps">Sweeps of the forward initialisation, where there are cycles.</param>
    public static EdgeTraffic[] Of<T>(
        Graph<T> graph, LearningRule rule, Clock clock, int microBatches = 1, int sweeps = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Of(graph, rule, microBatches, sweeps, ErrorForm.Of(graph, rule, clock));

    internal static EdgeTraffic[] Of<T>(
        Graph<T> graph, LearningRule rule, int microBatches, int sweeps, ErrorForm[][] forms)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var counts = new MessageForecast.Counts<T>(graph, rule, microBatches, sweeps);
        var traffic = new EdgeTraffic[graph.Edges.Count];
        for (var i = 0; i < traffic.Length; i++)
        {
            var edge = graph.Edges[i];
            var (values, errors) = (counts.Values(edge), counts.Errors(edge));
            traffic[i] = new EdgeTraffic(
                values, values * graph.Vertices[edge.From].Shape.Length * Unsafe.SizeOf<T>(),
                errors, errors == 0 ? 0 : errors * forms[edge.To][edge.Slot].Bytes);
        }
        return traffic;
    }
}
