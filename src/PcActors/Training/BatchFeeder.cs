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
    private readonly FedArrays<T> _arrays;

    /// <summary>A feeder at the first epoch.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">Where samples come from.</param>
    /// <param name="feed">Which array each vertex gets.</param>
    /// <param name="seed">Decides the order of every epoch.</param>
    /// <exception cref="DataException">The data do not fit the network, or the batch is larger
    /// than the data set.</exception>
    /// <exception cref="ArgumentException">The feed names a vertex that gets no array.</exception>
    public BatchFeeder(INetwork<T> network, Dataset<T> data, Feed feed, ulong seed)
    {
        var batch = network.NewBatch();
        _arrays = new FedArrays<T>(feed, network.Graph, batch, data);
        _sampler = new BatchSampler<T>(data, batch.Samples, seed);
    }

    /// <summary>Batches an epoch.</summary>
    public int BatchCount => _sampler.BatchCount;

    /// <summary>Takes the order of an epoch.</summary>
    public void BeginEpoch(long epoch) => _sampler.BeginEpoch(epoch);

    /// <summary>Fills a batch.</summary>
    /// <param name="number">Which of the epoch's batches, from 0.</param>
    /// <param name="batch">Receives it; made by a network like the feeder's.</param>
    public void Fill(int number, Batch<T> batch) => _arrays.Fill(_sampler.SamplesOf(number), batch);
}
