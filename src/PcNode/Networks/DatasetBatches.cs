using System.Numerics;
using PcActors.Data;
using PcActors.Learning;
using PcActors.Runs;
using PcActors.Training;

namespace PcNode.Networks;

/// <summary>Batches of a data set, epoch by epoch.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="network">A network that takes them.</param>
/// <param name="data">The data set.</param>
/// <param name="seed">Decides the order of every epoch.</param>
internal sealed class DatasetBatches<T>(INetwork<T> network, Dataset<T> data, ulong seed) : IBatches<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BatchFeeder<T> _feeder = new(network, data, seed);

    /// <inheritdoc/>
    public void Fill(long step, Batch<T> batch)
    {
        var (epoch, number) = Math.DivRem(step, _feeder.BatchCount);
        _feeder.BeginEpoch(epoch);
        _feeder.Fill((int)number, batch);
    }
}
