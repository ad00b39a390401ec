using System.Numerics;
using PcActors.Data;
using PcActors.Learning;
using PcActors.Training;

namespace PcNode.Networks;

/// <summary>What a network is verified with.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface IBatches<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Fills the batch of a step.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="batch">Receives it.</param>
    void Fill(long step, Batch<T> batch);
}

/// <summary>Batches of a data set, epoch by epoch.</summary>
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
