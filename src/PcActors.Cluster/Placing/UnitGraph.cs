using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning.Instruments;

namespace PcActors.Cluster.Placing;

/// <summary>What is to be placed: units with a load each, and what passes between them. A unit is a
/// function vertex with the leaves that it alone reads, or any other single vertex.</summary>
internal sealed class UnitGraph
{
    /// <summary>What a message between nodes costs beside its bytes, in bytes.</summary>
    public const long BytesPerMessage = 4_096;

    private UnitGraph(int[] unitOf, double[] loads, int[] starts, int[] neighbours, long[] weights)
    {
        (UnitOf, Loads, _starts, _neighbours, _weights) = (unitOf, loads, starts, neighbours, weights);
        Total = loads.Sum();
    }

    private readonly int[] _starts;
    private readonly int[] _neighbours;
    private readonly long[] _weights;

    /// <summary>The unit of every vertex.</summary>
    public int[] UnitOf { get; }

    /// <summary>The work of every unit in a training step.</summary>
    public double[] Loads { get; }

    /// <summary>All of it.</summary>
    public double Total { get; }

    /// <summary>How many units there are.</summary>
    public int Count => Loads.Length;

    /// <summary>The units that exchange messages with one.</summary>
    public ReadOnlySpan<int> Neighbours(int unit) => _neighbours.AsSpan(_starts[unit].._starts[unit + 1]);

    /// <summary>What passes between it and each of its neighbours, in bytes or what takes as long.</summary>
    public ReadOnlySpan<long> Weights(int unit) => _weights.AsSpan(_starts[unit].._starts[unit + 1]);

    /// <summary>The units of a graph, in the order of their function vertices.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="work">The work of every vertex.</param>
    /// <param name="traffic">The traffic of every edge.</param>
    /// <param name="nodes">Nodes that must all get one.</param>
    public static UnitGraph Of<T>(Graph<T> graph, VertexWork[] work, EdgeTraffic[] traffic, int nodes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var unitOf = new int[graph.Vertices.Count];
        var joined = graph.Vertices.Where(v => IsOwnLeaf(graph, v)).Select(v => v.Id).ToHashSet();
        if (graph.Vertices.Count - joined.Count < nodes) joined.Clear();
        var units = 0;
        foreach (var vertex in graph.Vertices.Where(v => !joined.Contains(v.Id))) unitOf[vertex.Id] = units++;
        foreach (var leaf in joined) unitOf[leaf] = unitOf[graph.Consumers(leaf)[0].To];

        var loads = new double[units];
        for (var id = 0; id < work.Length; id++) loads[unitOf[id]] += work[id].Total;
        var between = new SortedDictionary<(int, int), long>();
        for (var i = 0; i < traffic.Length; i++)
        {
            var (a, b) = (unitOf[graph.Edges[i].From], unitOf[graph.Edges[i].To]);
            if (a == b) continue;
            var weight = traffic[i].Bytes + (BytesPerMessage * traffic[i].Messages);
            between[(a, b)] = between.GetValueOrDefault((a, b)) + weight;
            between[(b, a)] = between.GetValueOrDefault((b, a)) + weight;
        }
        var starts = new int[units + 1];
        foreach (var (from, _) in between.Keys) starts[from + 1]++;
        for (var u = 0; u < units; u++) starts[u + 1] += starts[u];
        return new UnitGraph(unitOf, loads, starts, [.. between.Keys.Select(k => k.Item2)], [.. between.Values]);
    }

    private static bool IsOwnLeaf<T>(Graph<T> graph, Vertex<T> vertex)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        vertex.Kind != VertexKind.Function && graph.Consumers(vertex.Id).Select(e => e.To).Distinct().Count() == 1;
}
