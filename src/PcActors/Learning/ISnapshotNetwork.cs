using System.Numerics;

namespace PcActors.Learning;

/// <summary>A network in one process that hands out all that a run goes on from.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface ISnapshotNetwork<T> : INetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Copies of what the network is after the steps that were asked for before this call. Steps that are asked for later
    /// may begin as soon as it is copied.</summary>
    /// <exception cref="RunFailedException">A vertex threw, or did not answer in time.</exception>
    Task<NetworkSnapshot<T>> SnapshotAsync();
}
