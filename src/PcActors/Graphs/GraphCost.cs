using System.Numerics;

namespace PcActors.Graphs;

/// <summary>Floating-point operations of one micro-batch, counted from the graph; a fused
/// multiply-add counts as two.</summary>
/// <param name="Forward">Of all predictions.</param>
/// <param name="Backward">Of all pull-backs along edges that carry errors. The optimizer's
/// work is not among them.</param>
public sealed record GraphCost(long Forward, long Backward)
{
    /// <summary>The cost of a whole graph.</summary>
    public static GraphCost Of<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => graph.Vertices
        .Select(v => Of(graph, v.Id))
        .Aggregate(new GraphCost(0, 0),
            (sum, cost) => new GraphCost(sum.Forward + cost.Forward, sum.Backward + cost.Backward));

    /// <summary>The cost of one vertex; nothing for a leaf.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="vertex">The vertex's id.</param>
    public static GraphCost Of<T>(Graph<T> graph, int vertex)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (graph.Vertices[vertex] is not { Function: { } function, Shape: { } shape }) return new GraphCost(0, 0);
        var shapes = graph.InputShapes(vertex);
        var backward = graph.Inputs(vertex).Where(graph.CarriesError)
            .Sum(e => function.PullBackCost(e.Slot, shapes, shape));
        return new GraphCost(function.Cost(shapes, shape), backward);
    }
}
