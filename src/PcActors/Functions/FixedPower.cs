using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Scalars;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>Powers with one exponent for all elements that multiplications, roots and divisions make: whole and half
/// numbers. In float64, rounded once; doubles only where two operations make them, others need more digits.</summary>
internal static class FixedPower
{
    private const int PartLength = 256;
    private const int MaxOfSingles = 64;

    /// <summary>x^y, or false where y asks for more.</summary>
    public static bool TryPredict<T>(ReadOnlySpan<T> x, double y, Span<T> mu)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!IsMade<T>(y)) return false;
        if (y == 2) TensorPrimitives.Multiply(x, x, mu);
        else Run(x, y, 1, [], mu);
        return true;
    }

    /// <summary>y x^(y - 1) error, or false.</summary>
    public static bool TryPullBack<T>(ReadOnlySpan<T> x, double y, ReadOnlySpan<T> error, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (y == 0 || !IsMade<T>(y - 1)) return false;
        if (y == 2)
        {
            TensorPrimitives.Multiply(x, error, result);
            TensorPrimitives.Add(result, result, result);
        }
        else Run(x, y - 1, y, error, result);
        return true;
    }

    private static bool IsMade<T>(double y) => typeof(T) == typeof(float)
        ? double.Abs(y) <= MaxOfSingles && double.IsInteger(2 * y)
        : y is -1 or -0.5 or 0 or 0.5 or 1 or 2;

    /// <summary>factor x^y error; without errors, factor x^y.</summary>
    [SkipLocalsInit]
    private static void Run<T>(ReadOnlySpan<T> x, double y, double factor, ReadOnlySpan<T> error, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<double> bases = stackalloc double[PartLength];
        Span<double> powers = stackalloc double[PartLength];
        for (var start = 0; start < x.Length; start += PartLength)
        {
            var count = Math.Min(PartLength, x.Length - start);
            var power = powers[..count];
            TensorPrimitives.ConvertTruncating(x.Slice(start, count), bases[..count]);
            Raise(bases[..count], y, power);
            if (!double.IsInteger(y)) Mend(x.Slice(start, count), y, power);
            if (!error.IsEmpty)
            {
                TensorPrimitives.Multiply(power, factor, power);
                TensorPrimitives.ConvertTruncating(error.Slice(start, count), bases[..count]);
                TensorPrimitives.Multiply(power, bases[..count], power);
            }
            TensorPrimitives.ConvertTruncating<double, T>(power, result.Slice(start, count));
        }
    }

    /// <summary>Roots of zeros, of negative numbers and of infinities have rules of their own.</summary>
    private static void Mend<T>(ReadOnlySpan<T> x, double y, Span<double> power)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < x.Length; i++)
        {
            var b = Precision.Widen(x[i]);
            if (!(b > 0 && double.IsFinite(b))) power[i] = Power.Pow(b, y);
        }
    }

    /// <summary>b^y by squaring; the bases are used up.</summary>
    private static void Raise(Span<double> bases, double y, Span<double> power)
    {
        var n = double.Abs(y);
        if (double.IsInteger(n)) power.Fill(1);
        else TensorPrimitives.Sqrt(bases, power);
        for (var rest = (int)n; rest > 0; rest >>= 1)
        {
            if ((rest & 1) == 1) TensorPrimitives.Multiply(power, bases, power);
            if (rest > 1) TensorPrimitives.Multiply(bases, bases, bases);
        }
        if (y < 0) TensorPrimitives.Divide(1, power, power);
    }
}
