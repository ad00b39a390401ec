using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.ElementWise;

/// <summary>ln x = k ln 2 + ln(1 + f) with 1 + f between the square roots of 1/2 and 2; with s = f / (2 + f),
/// ln(1 + f) = 2 artanh s = 2 s + s^3 p(s^2).</summary>
internal readonly struct Logarithm<T, TVector, TLanes> : IVectorFunction<Logarithm<T, TVector, TLanes>, T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    private readonly TVector _smallest, _scale, _shift, _rootHalf, _rounder, _half, _one, _two, _high, _low, _infinity,
        _nan;
    private readonly TVector _p0, _p1, _p2, _p3, _p4, _p5, _p6, _zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Logarithm(ref T constants)
    {
        _smallest = ConstantTable.At<T, TVector, TLanes>(ref constants, 0);
        _scale = ConstantTable.At<T, TVector, TLanes>(ref constants, 1);
        _shift = ConstantTable.At<T, TVector, TLanes>(ref constants, 2);
        _rootHalf = ConstantTable.At<T, TVector, TLanes>(ref constants, 3);
        _rounder = ConstantTable.At<T, TVector, TLanes>(ref constants, 4);
        _half = ConstantTable.At<T, TVector, TLanes>(ref constants, 5);
        _one = ConstantTable.At<T, TVector, TLanes>(ref constants, 6);
        _two = ConstantTable.At<T, TVector, TLanes>(ref constants, 7);
        _high = ConstantTable.At<T, TVector, TLanes>(ref constants, 8);
        _low = ConstantTable.At<T, TVector, TLanes>(ref constants, 9);
        _infinity = ConstantTable.At<T, TVector, TLanes>(ref constants, 10);
        _nan = ConstantTable.At<T, TVector, TLanes>(ref constants, 11);
        _p0 = ConstantTable.At<T, TVector, TLanes>(ref constants, 12);
        _p1 = ConstantTable.At<T, TVector, TLanes>(ref constants, 13);
        _p2 = ConstantTable.At<T, TVector, TLanes>(ref constants, 14);
        _p3 = ConstantTable.At<T, TVector, TLanes>(ref constants, 15);
        _p4 = ConstantTable.At<T, TVector, TLanes>(ref constants, 16);
        _p5 = ConstantTable.At<T, TVector, TLanes>(ref constants, 17);
        _p6 = ConstantTable.At<T, TVector, TLanes>(ref constants, 18);
        _zero = TLanes.Broadcast(T.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Logarithm<T, TVector, TLanes> Create() => new(ref LogarithmConstants.Table.Of<T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector x)
    {
        // Subnormal numbers are brought into the normal range first.
        var isSmall = TLanes.LessThan(x, _smallest);
        var normal = TLanes.Select(isSmall, TLanes.Multiply(x, _scale), x);
        var exponent = TLanes.ShiftBitsRight(TLanes.SubtractBits(normal, _rootHalf), TLanes.FractionBits);
        var f = TLanes.Subtract(TLanes.SubtractBits(normal, TLanes.ShiftBitsLeft(exponent, TLanes.FractionBits)), _one);
        var k = TLanes.Subtract(TLanes.AddBits(exponent, _rounder), _rounder);
        k = TLanes.Subtract(k, TLanes.And(isSmall, _shift));

        // 2 s = f - f^2/2 + s f^2/2, so that the large term f enters without rounding.
        var s = TLanes.Divide(f, TLanes.Add(f, _two));
        var z = TLanes.Multiply(s, s);
        var half = TLanes.Multiply(TLanes.Multiply(f, _half), f);
        var small = TLanes.MultiplyAdd(s, TLanes.MultiplyAdd(z, Series(z), half), TLanes.Multiply(k, _low));
        var rest = TLanes.Subtract(f, TLanes.Subtract(half, small));
        var log = TLanes.MultiplyAdd(k, _high, rest);

        // Infinity and NaN are themselves, negative numbers have no logarithm, and that of 0 is -infinity.
        log = TLanes.Select(TLanes.LessThan(x, _infinity), log, x);
        log = TLanes.Select(TLanes.LessThan(x, _zero), _nan, log);
        return TLanes.Select(TLanes.AreEqual(x, _zero), TLanes.Subtract(_zero, _infinity), log);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TVector Series(TVector z)
    {
        var p = _p2;
        if (typeof(T) == typeof(double))
        {
            p = TLanes.MultiplyAdd(_p6, z, _p5);
            p = TLanes.MultiplyAdd(p, z, _p4);
            p = TLanes.MultiplyAdd(p, z, _p3);
            p = TLanes.MultiplyAdd(p, z, _p2);
        }
        p = TLanes.MultiplyAdd(p, z, _p1);
        return TLanes.MultiplyAdd(p, z, _p0);
    }
}

/// <summary>The constants of <see cref="Logarithm{T, TVector, TLanes}"/>.</summary>
internal static class LogarithmConstants
{
    /// <summary>In the order of the fields.</summary>
    public static readonly ConstantTable Table = new(
    [
        // The smallest normal number, the power of two that brings the others above it, and its exponent.
        (1.17549435e-38f, 2.2250738585072014e-308),
        (8388608f, 4503599627370496.0),
        (23f, 52.0),
        (0.70710677f, 0.7071067811865476),
        // Bits of an integer added to its bits make a number larger by that integer.
        (12582912f, 6755399441055744.0),
        (0.5f, 0.5),
        (1f, 1.0),
        (2f, 2.0),
        // ln 2 in two parts.
        (0.693359375f, 0.6931471803691238),
        (-2.1219444e-4f, 1.9082149292705878e-10),
        (float.PositiveInfinity, double.PositiveInfinity),
        (float.NaN, double.NaN),
        // (2 artanh s - 2 s) / s^3 as a polynomial in s^2, interpolated at Chebyshev's
        // points. The relative error of the logarithm is 2^-28 and 2^-57.
        (0.66666687f, 0.666666666666667),
        (0.39988777f, 0.39999999999899444),
        (0.29580054f, 0.2857142862600327),
        (0f, 0.22222211130259878),
        (0f, 0.18182889455674947),
        (0f, 0.15331710618210773),
        (0f, 0.14616585424888623),
    ]);
}
