using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors;

namespace PcActors.Learning;

/// <summary>All that a parameter goes on from between two steps.</summary>
/// <param name="Value">Its value.</param>
/// <param name="Updates">Updates that it has made.</param>
/// <param name="OptimizerState">The optimizer's tensors, of the value's shape; none before the first update, or
/// when it does not learn.</param>
public sealed record ParameterSnapshot<T>(Tensor<T> Value, long Updates, IReadOnlyList<Tensor<T>> OptimizerState)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Bytes of all its tensors.</summary>
    public long Bytes => (long)Value.Length * Unsafe.SizeOf<T>() * (1 + OptimizerState.Count);
}
