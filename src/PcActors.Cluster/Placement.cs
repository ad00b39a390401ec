using System.Numerics;
using PcActors.Cluster.Placing;
using PcActors.Graphs;
using PcActors.Learning;

namespace PcActors.Cluster;

/// <summary>Decides which node holds which vertex: as little as possible is to pass between nodes, while their
/// work is in balance.</summary>
/// <remarks>It begins with contiguous levels, leaves beside their consumers, and with contiguous vertices,
/// among which replicas follow each other; from both, vertices move one by one, and small graphs are disturbed and
/// improved again. The end with the smallest objective counts. A function of the graph, of how it runs and of the
/// nodes' weights alone.</remarks>
internal static class Placement
{
    /// <summary>The load that a node may have in any case, in parts of its share; more only where contiguous
    /// levels have more. A step that takes so much longer than with perfect balance is as good as balanced.</summary>
    public const double Tolerance = 1.1;

    /// <summary>Places a graph.</summary>
    /// <param name="graph">The graph as it runs.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="weights">The relative capacity of each node, positive.</param>
    /// <exception cref="ArgumentException">There are no nodes, or more than vertices, or a weight is not
    /// positive and finite.</exception>
    public static PlacementPlan Of<T>(Graph<T> graph, VertexOptions options, IReadOnlyList<double> weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (weights.Count == 0 || weights.Count > graph.Vertices.Count)
            throw new ArgumentException($"there are {weights.Count} nodes for {graph.Vertices.Count} vertices",
                nameof(weights));
        if (!weights.All(w => w > 0 && double.IsFinite(w)))
            throw new ArgumentException("a node's weight must be positive and finite", nameof(weights));
        var (figures, shares) = (RunFigures.Of(graph, options), Shares(weights));
        var units = UnitGraph.Of(graph, figures.Work, figures.Traffic, weights.Count);
        var beginnings = UnitOrders.Beginnings(graph, units, shares);
        var limit = Math.Max(Tolerance, beginnings[0].Imbalance);
        var best = beginnings[0];
        var least = ObjectiveOf(best);
        foreach (var beginning in beginnings)
        {
            if (beginning.Imbalance > limit) continue;
            if (ObjectiveOf(beginning) is var plain && plain < least) (best, least) = (beginning, plain);
            var improved = beginning.Clone();
            LocalImprovement.Run(units, improved, limit);
            var (division, objective) = new Perturbation(units, limit, ObjectiveOf).Run(improved);
            if (objective < least) (best, least) = (division, objective);
        }
        return PlacementPlan.Of(graph, figures, best.PlacesOfVertices(), shares);

        double ObjectiveOf(UnitDivision division) => UnitDivision.ObjectiveOf(
            division.Cut,
            ExpectedSchedule.Of(graph, options.MicroBatches, figures, division.PlacesOfVertices(), shares).Stretch);
    }

    /// <summary>The weights in parts of their sum. What scaling them changes in the last
    /// digits is rounded away.</summary>
    private static double[] Shares(IReadOnlyList<double> weights)
    {
        // Sums of large weights must not overflow.
        var largest = weights.Max();
        var sum = weights.Sum(w => w / largest);
        return [.. weights.Select(w => Math.Max(Math.Round(w / largest / sum, 9), 1e-9))];
    }
}
