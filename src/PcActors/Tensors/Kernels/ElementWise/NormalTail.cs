using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.ElementWise;

/// <summary>What the error function, the normal distribution and their slopes are made of, for floats: e^(-c x^2),
/// and with it erfc(z) = e^(-z^2) t Q(t - 0.6) with t = 1 / (1 + z / 2), for z of 0 and more.</summary>
/// <remarks>Q was fitted to erfc(z) e^(z^2) / t for z up to 10.2, by least squares that were weighted until the
/// relative error was level: 2^-28. In floats the whole is within 6 ulp.</remarks>
internal readonly struct NormalTail<T, TVector, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    private static readonly float[] Q =
    [
        0.5852245092391968f, 0.8025886416435242f, 0.5914708375930786f, 0.06869079917669296f, -0.20782774686813354f,
        -0.037937991321086884f, 0.11379142850637436f, -0.007486971560865641f, -0.07073421776294708f,
        0.023569244891405106f, 0.03576857969164848f,
    ];

    private static readonly ConstantTable Table = new(
    [
        // Beyond it e^(-x^2 / 2) is 0.
        (14.5f, 0), (-0f, -0.0), (0.5f, 0.5), (0.6f, 0), .. Q.Select(q => (q, 0.0)),
    ]);

    private readonly Exponential<T, TVector, TLanes> _exponential;
    private readonly TVector _bound, _signBit, _half, _middle;
    private readonly TVector _q0, _q1, _q2, _q3, _q4, _q5, _q6, _q7, _q8, _q9, _q10;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private NormalTail(ref T constants)
    {
        _exponential = Exponential<T, TVector, TLanes>.Create();
        _bound = ConstantTable.At<T, TVector, TLanes>(ref constants, 0);
        _signBit = ConstantTable.At<T, TVector, TLanes>(ref constants, 1);
        _half = ConstantTable.At<T, TVector, TLanes>(ref constants, 2);
        _middle = ConstantTable.At<T, TVector, TLanes>(ref constants, 3);
        _q0 = ConstantTable.At<T, TVector, TLanes>(ref constants, 4);
        _q1 = ConstantTable.At<T, TVector, TLanes>(ref constants, 5);
        _q2 = ConstantTable.At<T, TVector, TLanes>(ref constants, 6);
        _q3 = ConstantTable.At<T, TVector, TLanes>(ref constants, 7);
        _q4 = ConstantTable.At<T, TVector, TLanes>(ref constants, 8);
        _q5 = ConstantTable.At<T, TVector, TLanes>(ref constants, 9);
        _q6 = ConstantTable.At<T, TVector, TLanes>(ref constants, 10);
        _q7 = ConstantTable.At<T, TVector, TLanes>(ref constants, 11);
        _q8 = ConstantTable.At<T, TVector, TLanes>(ref constants, 12);
        _q9 = ConstantTable.At<T, TVector, TLanes>(ref constants, 13);
        _q10 = ConstantTable.At<T, TVector, TLanes>(ref constants, 14);
    }

    /// <summary>1 in every lane.</summary>
    public TVector One
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _exponential.One;
    }

    /// <summary>1/2 in every lane.</summary>
    public TVector Half
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _half;
    }

    /// <summary>With its constants loaded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NormalTail<T, TVector, TLanes> Create() => new(ref Table.Of<T>());

    /// <summary>The bit of the sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector SignOf(TVector x) => TLanes.And(x, _signBit);

    /// <summary>|x|, at most 14.5.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Magnitude(TVector x)
    {
        var magnitude = TLanes.Xor(x, SignOf(x));
        return TLanes.Select(TLanes.LessThan(_bound, magnitude), _bound, magnitude);
    }

    /// <summary>e^(-c x^2), where c is a power of two. What rounding takes from the square is put back: an error of its
    /// exponent would be one of the whole.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gauss(TVector magnitude, TVector c)
    {
        var scaled = TLanes.Multiply(magnitude, c);
        var square = TLanes.Xor(TLanes.Multiply(magnitude, scaled), _signBit);
        var rest = TLanes.MultiplyAdd(magnitude, scaled, square);
        var power = _exponential.Apply(square);
        return TLanes.MultiplyAdd(power, TLanes.Xor(rest, _signBit), power);
    }

    /// <summary>erfc(z), given e^(-z^2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Complement(TVector z, TVector gauss)
    {
        var t = TLanes.Divide(One, TLanes.MultiplyAdd(z, _half, One));
        var s = TLanes.Subtract(t, _middle);
        var q = TLanes.MultiplyAdd(_q10, s, _q9);
        q = TLanes.MultiplyAdd(q, s, _q8);
        q = TLanes.MultiplyAdd(q, s, _q7);
        q = TLanes.MultiplyAdd(q, s, _q6);
        q = TLanes.MultiplyAdd(q, s, _q5);
        q = TLanes.MultiplyAdd(q, s, _q4);
        q = TLanes.MultiplyAdd(q, s, _q3);
        q = TLanes.MultiplyAdd(q, s, _q2);
        q = TLanes.MultiplyAdd(q, s, _q1);
        q = TLanes.MultiplyAdd(q, s, _q0);
        return TLanes.Multiply(TLanes.Multiply(q, t), gauss);
    }
}
