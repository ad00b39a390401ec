using System.Numerics;
using PcActors.Learning;
using PcNode.Networks;

namespace PcNode.Experiments;

/// <summary>Parameters that a run has left behind.</summary>
internal interface IStoredParameters
{
    /// <summary>What their network is for.</summary>
    DataForm Form { get; }

    /// <summary>The parameters, whole, in the order of the network's source.</summary>
    /// <exception cref="UsageException">The model has changed since.</exception>
    /// <exception cref="PcActors.Checkpoints.CheckpointException">A state cannot be read.</exception>
    Task<IReadOnlyList<NamedTensor<T>>> ParametersAsync<T>(CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
