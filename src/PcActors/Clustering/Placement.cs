using System.Numerics;
using PcActors.Clustering.Placing;
using PcActors.Graphs;
using PcActors.Learning;

namespace PcActors.Clustering;

/// <summary>Decides which node holds which vertex: as little as possible is to pass between nodes, and none is to have much more work
/// than its share.</summary>
/// <remarks>It begins with contiguous levels, leaves beside their consumers, and with contiguous vertices, among which replicas follow each
/// other; from both, vertices move one by one. Of the two ends the one with less between nodes counts. A function of the graph, of how
/// it runs and of the nodes' weights alone.</remarks>
public static class Placement
{
    /// <summary>The load that a node may have in any case, in parts of its share; more only where contiguous levels have more.</summary>
    public const double Tolerance = 1.1;

    /// <summary>Places a graph.</summary>
    /// <param name="graph">The graph as it runs.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="weights">The relative capacity of each node, positive.</param>
    /// <exception cref="ArgumentException">There are no nodes, or more than vertices, or a weight is not positive and finite.</exception>
    public static PlacementPlan Of<T>(Graph<T> graph, VertexOptions options, IReadOnlyList<double> weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (figures, units, shares) = Prepare(graph, options, weights);
        var beginnings = UnitOrders.Beginnings(graph, units, shares);
        var limit = Math.Max(Tolerance, beginnings[0].Imbalance);
        UnitDivision? best = null;
        foreach (var division in beginnings)
        {
            if (division.Imbalance > limit) continue;
            LocalImprovement.Run(units, division, limit);
            if (best is null || division.Cut < best.Cut || (division.Cut == best.Cut && division.Imbalance < best.Imbalance)) best = division;
        }
        return PlanOf(graph, figures, units, best!, shares);
    }

    /// <summary>Contiguous levels alone: what <see cref="Of"/> begins with.</summary>
    internal static PlacementPlan ContiguousLevels<T>(Graph<T> graph, VertexOptions options, IReadOnlyList<double> weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (figures, units, shares) = Prepare(graph, options, weights);
        return PlanOf(graph, figures, units, UnitOrders.Beginnings(graph, units, shares)[0], shares);
    }

    private static (RunFigures Figures, UnitGraph Units, double[] Shares) Prepare<T>(Graph<T> graph, VertexOptions options, IReadOnlyList<double> weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (weights.Count == 0 || weights.Count > graph.Vertices.Count)
            throw new ArgumentException($"there are {weights.Count} nodes for {graph.Vertices.Count} vertices", nameof(weights));
        if (!weights.All(w => w > 0 && double.IsFinite(w))) throw new ArgumentException("a node's weight must be positive and finite", nameof(weights));
        var figures = RunFigures.Of(graph, options);
        return (figures, UnitGraph.Of(graph, figures.Work, figures.Traffic, weights.Count), Shares(weights));
    }

    private static PlacementPlan PlanOf<T>(Graph<T> graph, RunFigures figures, UnitGraph units, UnitDivision division, double[] shares)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        PlacementPlan.Of(graph, figures, Array.ConvertAll(units.UnitOf, u => division.Places[u]), shares);

    /// <summary>The weights in parts of their sum. What scaling them changes in the last digits is rounded away.</summary>
    private static double[] Shares(IReadOnlyList<double> weights)
    {
        // Sums of large weights must not overflow.
        var largest = weights.Max();
        var sum = weights.Sum(w => w / largest);
        return [.. weights.Select(w => Math.Max(Math.Round(w / largest / sum, 9), 1e-9))];
    }
}
