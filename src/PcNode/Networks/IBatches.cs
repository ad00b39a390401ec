using System.Numerics;
using PcActors.Learning;

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
