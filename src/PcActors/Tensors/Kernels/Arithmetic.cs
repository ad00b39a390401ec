using System.Numerics;
using System.Numerics.Tensors;

namespace PcActors.Tensors.Kernels;

/// <summary>Element-wise arithmetic.</summary>
public static class Arithmetic
{
    /// <summary>sum = sum + x.</summary>
    public static void AddTo<T>(ReadOnlySpan<T> x, Span<T> sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Add(sum, x, sum);
}
