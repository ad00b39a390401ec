using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.ElementWise;

/// <summary>e^x, and the parts from which tanh is made: x = n ln 2 + r with |r| at most ln 2 / 2, and a polynomial for
/// e^r - 1.</summary>
internal readonly struct Exponential<T, TVector, TLanes> : IVectorFunction<Exponential<T, TVector, TLanes>, T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    private readonly TVector _highest, _lowest, _perLog2, _rounder, _minusHigh, _minusLow, _half, _one;
    private readonly TVector _q0, _q1, _q2, _q3, _q4, _q5, _q6, _q7, _q8, _q9;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Exponential(ref T constants)
    {
        _highest = ConstantTable.At<T, TVector, TLanes>(ref constants, 0);
        _lowest = ConstantTable.At<T, TVector, TLanes>(ref constants, 1);
        _perLog2 = ConstantTable.At<T, TVector, TLanes>(ref constants, 2);
        _rounder = ConstantTable.At<T, TVector, TLanes>(ref constants, 3);
        _minusHigh = ConstantTable.At<T, TVector, TLanes>(ref constants, 4);
        _minusLow = ConstantTable.At<T, TVector, TLanes>(ref constants, 5);
        _half = ConstantTable.At<T, TVector, TLanes>(ref constants, 6);
        _one = ConstantTable.At<T, TVector, TLanes>(ref constants, 7);
        _q0 = ConstantTable.At<T, TVector, TLanes>(ref constants, 8);
        _q1 = ConstantTable.At<T, TVector, TLanes>(ref constants, 9);
        _q2 = ConstantTable.At<T, TVector, TLanes>(ref constants, 10);
        _q3 = ConstantTable.At<T, TVector, TLanes>(ref constants, 11);
        _q4 = ConstantTable.At<T, TVector, TLanes>(ref constants, 12);
        _q5 = ConstantTable.At<T, TVector, TLanes>(ref constants, 13);
        _q6 = ConstantTable.At<T, TVector, TLanes>(ref constants, 14);
        _q7 = ConstantTable.At<T, TVector, TLanes>(ref constants, 15);
        _q8 = ConstantTable.At<T, TVector, TLanes>(ref constants, 16);
        _q9 = ConstantTable.At<T, TVector, TLanes>(ref constants, 17);
    }

    /// <summary>1 in every lane.</summary>
    public TVector One
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _one;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Exponential<T, TVector, TLanes> Create() => new(ref ExponentialConstants.Table.Of<T>());

    /// <summary>e^x, for every x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector x)
    {
        // NaN is within the bounds, and stays NaN.
        x = TLanes.Select(TLanes.LessThan(_highest, x), _highest, x);
        x = TLanes.Select(TLanes.LessThan(x, _lowest), _lowest, x);
        Reduce(x, out var n, out var r);
        var power = TLanes.Add(Minus1(r), _one);
        // 2^n may be out of range where the result is not, hence two factors; the first product is exact.
        var half = TLanes.Subtract(TLanes.MultiplyAdd(n, _half, _rounder), _rounder);
        return TLanes.Multiply(TLanes.Multiply(power, PowerOfTwo(half)), PowerOfTwo(TLanes.Subtract(n, half)));
    }

    /// <summary>The nearest integer to x / ln 2, and x - n ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Reduce(TVector x, out TVector n, out TVector remainder)
    {
        n = TLanes.Subtract(TLanes.MultiplyAdd(x, _perLog2, _rounder), _rounder);
        remainder = TLanes.MultiplyAdd(n, _minusLow, TLanes.MultiplyAdd(n, _minusHigh, x));
    }

    /// <summary>2^n for an integer n within the range of normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector PowerOfTwo(TVector n) => TLanes.ShiftBitsLeft(TLanes.Add(n, _rounder), TLanes.FractionBits);

    /// <summary>e^r - 1 for |r| at most ln 2 / 2, as r + r^2 q(r).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Minus1(TVector r)
    {
        var q = _q4;
        if (typeof(T) == typeof(double))
        {
            q = TLanes.MultiplyAdd(_q9, r, _q8);
            q = TLanes.MultiplyAdd(q, r, _q7);
            q = TLanes.MultiplyAdd(q, r, _q6);
            q = TLanes.MultiplyAdd(q, r, _q5);
            q = TLanes.MultiplyAdd(q, r, _q4);
        }
        q = TLanes.MultiplyAdd(q, r, _q3);
        q = TLanes.MultiplyAdd(q, r, _q2);
        q = TLanes.MultiplyAdd(q, r, _q1);
        q = TLanes.MultiplyAdd(q, r, _q0);
        q = TLanes.MultiplyAdd(q, r, _half);
        return TLanes.MultiplyAdd(TLanes.Multiply(r, r), q, r);
    }
}

/// <summary>The constants of <see cref="Exponential{T, TVector, TLanes}"/>.</summary>
internal static class ExponentialConstants
{
    /// <summary>In the order of the fields.</summary>
    public static readonly ConstantTable Table = new(
    [
        // Beyond these bounds the result is infinite or zero all the same.
        (89f, 710.0),
        (-104f, -746.0),
        (1.442695f, 1.4426950408889634),
        // Added to a number, it leaves the nearest integer plus the exponent's bias in the low bits.
        (12582912f + 127f, 6755399441055744.0 + 1023.0),
        // ln 2 in two parts, negated; the first has so few digits that n times it is exact.
        (-0.693359375f, -0.6931471803691238),
        (2.1219444e-4f, -1.9082149292705878e-10),
        (0.5f, 0.5),
        (1f, 1.0),
        // (e^r - 1 - r) / r^2 - 1/2, divided by r: interpolated at Chebyshev's points. The relative error of e^r - 1 is
        // 2^-29 and 2^-60.
        (0.16666667f, 0.1666666666666667),
        (0.041666467f, 0.04166666666666667),
        (0.0083333105f, 0.008333333333326136),
        (0.001393365f, 0.0013888888888883748),
        (0.00019890991f, 0.00019841269874820627),
        (0f, 2.4801587325547743e-05),
        (0f, 2.7557255400206422e-06),
        (0f, 2.75572736431103e-07),
        (0f, 2.5105217004720745e-08),
        (0f, 2.0914686968086876e-09),
    ]);
}
