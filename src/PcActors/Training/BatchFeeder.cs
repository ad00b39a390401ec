using System.Numerics;
using PcActors.Data;
using PcActors.Learning;
using PcActors.Runs;

namespace PcActors.Training;

/// <summary>Fills a network's batches from a data set, after making sure that the two fit.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class BatchFeeder<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BatchSampler<T> _sampler;
    private readonly TargetEncoding _encoding;

    /// <summary>A feeder at the first epoch.</summary>
    /// <param name="network">The network; it has one data leaf.</param>
    /// <param name="data">Where samples come from.</param>
    /// <param name="seed">Decides the order of every epoch.</param>
    /// <exception cref="DataException">The data do not fit the network, or the batch is larger
    /// than the data set.</exception>
    public BatchFeeder(INetwork<T> network, Dataset<T> data, ulong seed)
    {
        var batch = network.NewBatch();
        RequireFit(network, batch, data);
        _encoding = batch.Target.Shape.Rank == 1 ? TargetEncoding.ClassIndex : TargetEncoding.OneHot;
        _sampler = new BatchSampler<T>(data, batch.Size, seed);
    }

    /// <summary>Batches an epoch.</summary>
    public int BatchCount => _sampler.BatchCount;

    /// <summary>Takes the order of an epoch.</summary>
    public void BeginEpoch(long epoch) => _sampler.BeginEpoch(epoch);

    /// <summary>Fills a batch.</summary>
    /// <param name="number">Which of the epoch's batches, from 0.</param>
    /// <param name="batch">Receives it; made by a network like the feeder's.</param>
    public void Fill(int number, Batch<T> batch) => _sampler.Fill(number, batch.Inputs[0], _encoding, batch.Target);

    /// <summary>Refuses data that do not fit a network.</summary>
    /// <exception cref="DataException">They do not.</exception>
    internal static void RequireFit(INetwork<T> network, Batch<T> batch, Dataset<T> data)
    {
        if (batch.Inputs.Count != 1)
        {
            throw new DataException(data.Name,
                $"one input a sample, and the network has {batch.Inputs.Count} data leaves",
                "a network with one data leaf is needed");
        }
        var wanted = batch.Inputs[0].Length / batch.Size;
        if (data.SampleShape.Length != wanted)
        {
            throw new DataException(data.Name,
                $"samples of shape {data.SampleShape}, {data.SampleShape.Length} numbers each",
                $"the network's data leaf '{network.Graph.Vertices[batch.Leaves[0]].Name}' takes {wanted}");
        }
        var root = network.Graph.Root;
        if (root.Shape[-1] != data.ClassCount)
            throw new DataException(data.Name, $"{data.ClassCount} classes",
                $"the network's root '{root.Name}' predicts {root.Shape[-1]}");
    }
}
