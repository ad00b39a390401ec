using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Tensors;

namespace PcActors.Tests.Learning;

/// <summary>Batches of random data in [-1, 1], with targets that fit the loss.</summary>
internal static class RandomBatch
{
    public static Batch<T> Create<T>(
        Graph<T> graph, Loss loss, int microBatches, ulong seed, IReadOnlyList<string>? clamped = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var batch = new Batch<T>(graph, loss, microBatches, clamped);
        Fill(batch, graph, loss, seed);
        return batch;
    }

    public static void Fill<T>(Batch<T> batch, Graph<T> graph, Loss loss, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new SeededRandom(seed, "batch");
        foreach (var input in batch.Inputs)
        {
            foreach (ref var element in input.Writable)
                element = T.CreateChecked((float)((2 * random.NextDouble()) - 1));
        }
        var classes = graph.Root.Shape[loss.ClassAxis(graph.Root.Shape)];
        foreach (ref var element in batch.Target.Writable)
        {
            element = loss.TakesClasses
                ? T.CreateChecked(random.NextInt(classes))
                : T.CreateChecked((float)((2 * random.NextDouble()) - 1));
        }
    }
}
