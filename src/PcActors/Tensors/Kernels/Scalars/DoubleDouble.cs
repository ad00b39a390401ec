using System.Numerics;
using System.Runtime.CompilerServices;

namespace PcActors.Tensors.Kernels.Scalars;

/// <summary>An unevaluated sum of two float64 numbers, the second below half an ulp of the
/// first: about 106 bits.</summary>
/// <remarks>The algorithms are those of T. J. Dekker, "A floating-point technique for
/// extending the available precision", Numerische Mathematik 18, 1971, and D. E. Knuth's two-sum, with the fused
/// multiply-add in place of splitting.</remarks>
internal readonly record struct DoubleDouble(double High, double Low)
{
    /// <summary>a + b, exactly.</summary>
    public static DoubleDouble Sum(double a, double b)
    {
        var sum = a + b;
        var part = sum - a;
        return new(sum, (a - (sum - part)) + (b - part));
    }

    /// <summary>a + b, exactly, where a is 0 or |a| is not below |b|.</summary>
    public static DoubleDouble OrderedSum(double a, double b)
    {
        var sum = a + b;
        return new(sum, b - (sum - a));
    }

    /// <summary>a b, exactly (short of underflow).</summary>
    public static DoubleDouble Product(double a, double b)
    {
        var product = a * b;
        return new(product, double.FusedMultiplyAdd(a, b, -product));
    }

    /// <summary>This times another, to about 100 bits.</summary>
    public DoubleDouble Times(DoubleDouble other)
    {
        var product = Product(High, other.High);
        var cross = double.FusedMultiplyAdd(High, other.Low, Low * other.High);
        return OrderedSum(product.High, product.Low + cross);
    }

    /// <summary>This plus another whose first part is not the larger, to about 100 bits.</summary>
    public DoubleDouble Plus(DoubleDouble smaller)
    {
        var sum = OrderedSum(High, smaller.High);
        return OrderedSum(sum.High, sum.Low + (Low + smaller.Low));
    }

    /// <summary>This over another, to about 100 bits.</summary>
    public DoubleDouble Over(DoubleDouble other)
    {
        var quotient = High / other.High;
        var rest = double.FusedMultiplyAdd(-quotient, other.High, High);
        return OrderedSum(quotient, double.FusedMultiplyAdd(-quotient, other.Low, rest + Low) / other.High);
    }
}

/// <summary>Between an element and the float64 in which scalar kernels compute, whatever the element is.</summary>
/// <remarks>A float32 result is a float64 one of a few ulp, rounded: correctly rounded but for
/// one case in millions.</remarks>
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

/// <summary>Polynomials by Horner's rule with fused multiply-adds.</summary>
/// <remarks>The coefficients in this folder interpolate their function at Chebyshev's nodes of
/// its interval, computed with 60 digits and rounded to float64.</remarks>
internal static class Polynomial
{
    /// <summary>The value at x.</summary>
    /// <param name="coefficients">Highest power first; one or more.</param>
    /// <param name="x">The point.</param>
    public static double At(ReadOnlySpan<double> coefficients, double x)
    {
        var sum = coefficients[0];
        for (var i = 1; i < coefficients.Length; i++) sum = double.FusedMultiplyAdd(sum, x, coefficients[i]);
        return sum;
    }
}
