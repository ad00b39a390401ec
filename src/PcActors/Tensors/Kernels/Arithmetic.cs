using System.Numerics;
using System.Numerics.Tensors;
using PcActors.Tensors.Kernels.ElementWise;

namespace PcActors.Tensors.Kernels;

/// <summary>Element-wise arithmetic. Each operation rounds as stated, so that its bits do
/// not depend on the vector width. The result may be an operand's own memory; it may not
/// overlap one otherwise.</summary>
/// <remarks>All throw <see cref="ArgumentException"/> when the operands' lengths differ or
/// the result is shorter.</remarks>
internal static class Arithmetic
{
    private static readonly VectorWidth Widest = VectorWidths.Widest;

    /// <summary>result = a + b.</summary>
    public static void Add<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Add(a, b, result);

    /// <summary>result = a - b.</summary>
    public static void Subtract<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Subtract(a, b, result);

    /// <summary>result = a b.</summary>
    public static void Multiply<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Multiply(a, b, result);

    /// <summary>result = a / b.</summary>
    public static void Divide<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Divide(a, b, result);

    /// <summary>result = -x.</summary>
    public static void Negate<T>(ReadOnlySpan<T> x, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Negate(x, result);

    /// <summary>result = result + x.</summary>
    public static void AddTo<T>(ReadOnlySpan<T> x, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sum = result[..x.Length];
        TensorPrimitives.Add(sum, x, sum);
    }

    /// <summary>result = alpha x.</summary>
    public static void Scale<T>(T alpha, ReadOnlySpan<T> x, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Multiply(x, alpha, result);

    /// <summary>result = fma(alpha, x, y): alpha x + y with one rounding.</summary>
    public static void MultiplyAdd<T>(T alpha, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.FusedMultiplyAdd(x, alpha, y, result);

    /// <summary>The pull-back of tanh: result = fma(-mu, mu, 1) eps, where mu = tanh x.</summary>
    public static void TanhPullBack<T>(ReadOnlySpan<T> mu, ReadOnlySpan<T> eps, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => VectorLoop2<TanhPullBack>.Run(mu, eps, result, Widest);

    /// <summary>The pull-back of the logistic function: result = (mu (1 - mu)) eps, where
    /// mu = 1 / (1 + e^-x).</summary>
    public static void SigmoidPullBack<T>(ReadOnlySpan<T> mu, ReadOnlySpan<T> eps, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        VectorLoop2<SigmoidPullBack>.Run(mu, eps, result, Widest);

    /// <summary>The rectifier: result = max(x, 0), NaN of NaN, never -0.</summary>
    public static void Relu<T>(ReadOnlySpan<T> x, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => VectorLoop2<Rectifier>.Run(x, x, result, Widest);

    /// <summary>The pull-back of the rectifier: result = eps where mu &gt; 0, and 0
    /// elsewhere; mu may be its input or its output.</summary>
    public static void ReluPullBack<T>(ReadOnlySpan<T> mu, ReadOnlySpan<T> eps, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => VectorLoop2<ReluPullBack>.Run(mu, eps, result, Widest);
}
