using System.Numerics;
using PcActors.Data;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Training;

namespace PcNode.Networks;

/// <summary>What a network is verified with.</summary>
internal interface IBatches<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Fills the batch of a step.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="batch">Receives it.</param>
    void Fill(long step, Batch<T> batch);
}

/// <summary>Batches of a data set, epoch by epoch.</summary>
internal sealed class DatasetBatches<T>(INetwork<T> network, Dataset<T> data, Feed feed, ulong seed) : IBatches<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BatchFeeder<T> _feeder = new(network, data, feed, seed);

    /// <inheritdoc/>
    public void Fill(long step, Batch<T> batch)
    {
        var (epoch, number) = Math.DivRem(step, _feeder.BatchCount);
        _feeder.BeginEpoch(epoch);
        _feeder.Fill((int)number, batch);
    }
}

/// <summary>Fills batches at random: floats from (0, 1), whole numbers 0 and 1, which every
/// index and every condition can be, and targets from (0, 1), or any class.</summary>
internal sealed class RandomBatches<T>(BuiltNetwork<T> network, ulong seed) : IBatches<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public void Fill(long step, Batch<T> batch)
    {
        var leaves = batch.Clamped.Select(id => network.Graph.Vertices[id]).ToList();
        for (var i = 0; i < leaves.Count; i++)
        {
            var random = new SeededRandom(seed, $"random {leaves[i].Name}", (ulong)step);
            if (leaves[i].Kind == VertexKind.Data && network.Source.TakesIntegers(leaves[i]))
                Integers(random, batch.Inputs[i].Writable, network.Source.IntegersTaken(leaves[i]));
            else Fractions(random, batch.Inputs[i].Writable);
        }
        var targets = new SeededRandom(seed, "random targets", (ulong)step);
        var root = network.Graph.Root.Shape;
        if (!batch.TakesTarget) return;
        if (!batch.Loss.TakesClassesFor(root)) Fractions(targets, batch.Target.Writable);
        else Integers(targets, batch.Target.Writable, Math.Max(root[batch.Loss.ClassAxis(root)], 1));
    }

    private static void Integers(SeededRandom random, Span<T> elements, int bound)
    {
        foreach (ref var element in elements) element = T.CreateChecked(random.NextInt(bound));
    }

    // Never 0, whose logarithm is none; and in single precision never 1.
    private static void Fractions(SeededRandom random, Span<T> elements)
    {
        foreach (ref var element in elements) element = T.CreateChecked((random.NextInt(1 << 23) + 0.5) / (1 << 23));
    }
}
