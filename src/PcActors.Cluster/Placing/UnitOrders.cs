using System.Numerics;
using PcActors.Graphs;

namespace PcActors.Cluster.Placing;

/// <summary>Divisions of a graph's units to begin with: contiguous in some sequence.</summary>
internal static class UnitOrders
{
    /// <summary>The beginnings: contiguous levels, then contiguous vertices.</summary>
    public static IReadOnlyList<UnitDivision> Beginnings<T>(Graph<T> graph, UnitGraph units, double[] shares)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Vertices by which units are known: function vertices, and leaves that are read by several.
        var heads = new int[units.Count];
        foreach (var vertex in graph.Vertices.OrderBy(v => v.Kind == VertexKind.Function))
            heads[units.UnitOf[vertex.Id]] = vertex.Id;
        var leaves = Enumerable.Range(0, units.Count).Where(u => graph.Vertices[heads[u]].Kind != VertexKind.Function)
            .ToList();
        if (units.Count - leaves.Count < shares.Length) leaves.Clear();
        var sequence = Enumerable.Range(0, units.Count).Except(leaves).ToList();
        var byLevel = sequence.OrderByDescending(u => graph.Level(heads[u])).ThenBy(u => heads[u]);
        var byVertex = sequence.OrderBy(u => heads[u]);
        return [Begin(units, [.. byLevel], leaves, shares), Begin(units, [.. byVertex], leaves, shares)];
    }

    /// <summary>Cuts a sequence into contiguous parts, and puts leaves beside a consumer each, the heaviest first,
    /// where there is room.</summary>
    private static UnitDivision Begin(UnitGraph units, int[] sequence, List<int> leaves, double[] shares)
    {
        var places = ContiguousDivision.Of(units, sequence, shares);
        var loads = new double[shares.Length];
        foreach (var unit in sequence) loads[places[unit]] += units.Loads[unit];
        foreach (var leaf in leaves.OrderByDescending(u => units.Loads[u]).ThenBy(u => u))
        {
            var best = -1;
            foreach (var neighbour in units.Neighbours(leaf))
            {
                var node = places[neighbour];
                if (best < 0 || loads[node] / shares[node] < loads[best] / shares[best]
                    || (node < best && loads[node] / shares[node] == loads[best] / shares[best])) best = node;
            }
            places[leaf] = best;
            loads[best] += units.Loads[leaf];
        }
        return new UnitDivision(units, shares, places);
    }
}
