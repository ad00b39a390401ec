using System.Numerics;
using PcActors.Cluster;
using PcActors.Cluster.Placing;
using PcActors.Graphs;
using PcActors.Learning;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Reports;

namespace PcNode.Cluster;

/// <summary>Where an experiment's vertices would be on so many nodes.</summary>
internal static class PlannedPlacement
{
    /// <summary>The nodes' weights.</summary>
    /// <exception cref="UsageException">There are as many weights as nodes, or none.</exception>
    public static IReadOnlyList<double> WeightsOf(Settings settings, int nodes)
    {
        var weights = settings.Get(SettingCatalogue.Weights) ?? [.. Enumerable.Repeat(1.0, nodes)];
        if (weights.Count == nodes) return weights;
        throw new UsageException(
            $"{settings.OriginOf(SettingCatalogue.Weights)}: {weights.Count} weights for {nodes} nodes; there must "
            + "be one for each");
    }

    /// <summary>Refuses more nodes than there are vertices.</summary>
    /// <param name="origin">Where the number comes from.</param>
    /// <param name="nodes">How many nodes there are.</param>
    /// <param name="vertices">Vertices of the graph as it runs.</param>
    /// <exception cref="UsageException">There are more.</exception>
    public static void RequireVertices(string origin, int nodes, int vertices)
    {
        if (nodes > vertices)
            throw new UsageException($"{origin}: {nodes} nodes are more than the graph's {vertices} vertices");
    }

    /// <summary>The placement, and a report of it.</summary>
    /// <param name="experiment">The experiment; its rule runs on vertices.</param>
    /// <param name="runGraph">The graph as it runs.</param>
    /// <param name="weights">The nodes' weights.</param>
    public static (PlacementPlan Plan, PlacementReport Report) Of<T>(Experiment experiment, Graph<T> runGraph,
        IReadOnlyList<double> weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rule = experiment.LearningRule!;
        var options = new VertexOptions(
            rule, experiment.Clock!.Value, experiment.Loss, experiment.Optimizer, experiment.Micro,
            rule.StepsOn(runGraph.Depth));
        var plan = Placement.Of(runGraph, options, weights);
        return (plan,
            new PlacementReport(plan,
                options.Clock == Clock.Wavefront ? ExpectedSchedule.Of(runGraph, options, plan) : null));
    }
}
