using System.Numerics;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Tests.Graphs;

/// <summary>Chooses at random, in a graph whose latent vertices are marked, which leaves are free and what training
/// steps clamp.</summary>
internal static class ClampedGraph
{
    public static (Graph<T> Graph, IReadOnlyList<string> Clamped) Of<T>(Graph<T> graph, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new SeededRandom(seed, "clamps");
        var free = graph.DataLeaves.Where(_ => random.NextInt(2) == 0).Select(v => v.Name).ToHashSet();
        graph = graph.With(v => free.Contains(v.Name) ? v with { IsFree = true } : v);
        // Some of the leaves that could be free are clamped in training.
        // A scalar has no batch axis.
        var clamped = graph.Vertices.Where(v => (v.IsLatent || v.IsFree) && v.Shape.Rank > 0 && random.NextInt(3) == 0)
            .Select(v => v.Name).ToList();
        return (graph, clamped);
    }
}
