using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Vertices;

namespace PcActors.Cluster.Placing;

/// <summary>What a training step takes, wherever vertices are.</summary>
/// <param name="Work">The work of every vertex, by id.</param>
/// <param name="Traffic">The traffic of every edge, in the order of <see cref="Graph{T}.Edges"/>.</param>
internal sealed record RunFigures(VertexWork[] Work, EdgeTraffic[] Traffic)
{
    /// <summary>The figures of a graph.</summary>
    public static RunFigures Of<T>(Graph<T> graph, VertexOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var forms = ErrorForm.Of(graph, options.Rule, options.Clock);
        return new RunFigures(
            VertexWork.Of(graph, options, forms),
            EdgeTraffic.Of(graph, options.Rule, options.MicroBatches, options.Sweeps, forms));
    }
}
