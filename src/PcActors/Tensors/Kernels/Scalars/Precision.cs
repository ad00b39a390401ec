using System.Numerics;
using System.Runtime.CompilerServices;

namespace PcActors.Tensors.Kernels.Scalars;

/// <summary>Between an element and the float64 in which scalar kernels compute, whatever the element is.</summary>
/// <remarks>A float32 result is a float64 one of a few ulp, rounded: correctly rounded but for one case in millions.</remarks>
internal static class Precision
{
    /// <summary>The element in float64, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Widen<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? Unsafe.BitCast<T, float>(x) : Unsafe.BitCast<T, double>(x);

    /// <summary>The nearest element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Narrow<T>(double x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>((float)x) : Unsafe.BitCast<double, T>(x);
}
