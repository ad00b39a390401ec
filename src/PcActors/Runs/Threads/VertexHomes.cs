using System.Numerics;
using PcActors.Graphs;

namespace PcActors.Runs.Threads;

/// <summary>The threads on which blocks of a partition live.</summary>
/// <remarks>Blocks of a layer work beside each other, each at weights of its own, which are written in every step.
/// Where a block moved from thread to thread, so would its weights and their optimizer's state, from one processor's
/// cache to the other's: that takes longer than the update.</remarks>
internal static class VertexHomes
{
    /// <summary>Of a vertex that goes where its messages come from.</summary>
    public const int None = -1;

    // Fewer are fetched in some microseconds, in which a thread may well be at something else.
    private const int FewestWeights = 8_192;

    /// <summary>Each vertex's thread, from 0, or <see cref="None"/>.</summary>
    /// <param name="graph">What runs.</param>
    /// <param name="threads">How many threads there are.</param>
    public static int[] Of<T>(Graph<T> graph, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var homes = new int[graph.Vertices.Count];
        Array.Fill(homes, None);
        if (threads < 2) return homes;
        var weights = new long[threads];
        var blocks = new Dictionary<string, int[]>(StringComparer.Ordinal);
        foreach (var vertex in graph.Vertices)
        {
            if (vertex.Block is not { } block || !vertex.Trainable || vertex.Shape.Length < FewestWeights) continue;
            if (!blocks.TryGetValue(block.Parameter, out var others))
                blocks.Add(block.Parameter, others = new int[threads]);
            // Apart from the layer's other blocks, and among the threads that are left with the fewest weights.
            var home = Enumerable.Range(0, threads).MinBy(thread => (others[thread], weights[thread]));
            others[home]++;
            weights[home] += vertex.Shape.Length;
            homes[vertex.Id] = home;
            foreach (var edge in graph.Consumers(vertex.Id))
            {
                if (homes[edge.To] == None) homes[edge.To] = home;
            }
        }
        return homes;
    }
}
