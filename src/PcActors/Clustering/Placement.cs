using System.Numerics;
using PcActors.Graphs;

namespace PcActors.Clustering;

/// <summary>Which node holds which vertex: contiguous levels of about equal cost, leaves beside their first consumer. A function of
/// the graph and the number of nodes alone.</summary>
public static class Placement
{
    /// <summary>The node of every vertex, by id, from 0.</summary>
    /// <param name="graph">The graph as it runs.</param>
    /// <param name="nodes">Nodes, at least 1.</param>
    public static int[] Of<T>(Graph<T> graph, int nodes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        var places = new int[graph.Vertices.Count];
        var functions = graph.Vertices.Where(v => v.Kind == VertexKind.Function)
            .OrderByDescending(v => graph.Level(v.Id)).ThenBy(v => v.Id).Select(v => v.Id).ToList();
        // Every message costs something, so no vertex is free.
        var costs = functions.ConvertAll(id => Cost(graph, id) + 1_000.0);
        var total = costs.Sum();
        var before = 0.0;
        for (var i = 0; i < functions.Count; i++)
        {
            var middle = before + (costs[i] / 2);
            places[functions[i]] = Math.Min(nodes - 1, (int)(middle / total * nodes));
            before += costs[i];
        }
        foreach (var leaf in graph.Vertices.Where(v => v.Kind != VertexKind.Function))
            places[leaf.Id] = graph.Consumers(leaf.Id) is [var first, ..] ? places[first.To] : 0;
        return places;
    }

    private static double Cost<T>(Graph<T> graph, int vertex)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var cost = GraphCost.Of(graph, vertex);
        return (double)cost.Forward + cost.Backward;
    }
}
