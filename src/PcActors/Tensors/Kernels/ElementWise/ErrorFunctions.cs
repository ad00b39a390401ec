using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.ElementWise;

/// <summary>erf, for floats: x + x P(x^2) for |x| below 3/4, 1 - erfc(|x|) with x's sign from there on.</summary>
internal readonly struct ErrorFunctionLanes<T, TVector, TLanes>
    : IVectorFunction<ErrorFunctionLanes<T, TVector, TLanes>, T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    private static readonly ConstantTable Table = new(
    [
        (0.75f, 0),
        // erf(x) / x - 1 by x^2 for |x| <= 3/4, to 2^-35.
        (0.12837916612625122f, 0), (-0.37612637877464294f, 0), (0.1128377839922905f, 0), (-0.02686474286019802f, 0),
        (0.0052166897803545f, 0), (-0.0008355364552699029f, 0), (9.461247827857733e-05f, 0),
    ]);

    private readonly NormalTail<T, TVector, TLanes> _tail;
    private readonly TVector _near, _p0, _p1, _p2, _p3, _p4, _p5, _p6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ErrorFunctionLanes(ref T constants)
    {
        _tail = NormalTail<T, TVector, TLanes>.Create();
        _near = ConstantTable.At<T, TVector, TLanes>(ref constants, 0);
        _p0 = ConstantTable.At<T, TVector, TLanes>(ref constants, 1);
        _p1 = ConstantTable.At<T, TVector, TLanes>(ref constants, 2);
        _p2 = ConstantTable.At<T, TVector, TLanes>(ref constants, 3);
        _p3 = ConstantTable.At<T, TVector, TLanes>(ref constants, 4);
        _p4 = ConstantTable.At<T, TVector, TLanes>(ref constants, 5);
        _p5 = ConstantTable.At<T, TVector, TLanes>(ref constants, 6);
        _p6 = ConstantTable.At<T, TVector, TLanes>(ref constants, 7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ErrorFunctionLanes<T, TVector, TLanes> Create() => new(ref Table.Of<T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector x)
    {
        var sign = _tail.SignOf(x);
        var magnitude = _tail.Magnitude(x);
        var complement = _tail.Complement(magnitude, _tail.Gauss(magnitude, _tail.One));
        var far = TLanes.Or(TLanes.Subtract(_tail.One, complement), sign);
        var square = TLanes.Multiply(magnitude, magnitude);
        var p = TLanes.MultiplyAdd(_p6, square, _p5);
        p = TLanes.MultiplyAdd(p, square, _p4);
        p = TLanes.MultiplyAdd(p, square, _p3);
        p = TLanes.MultiplyAdd(p, square, _p2);
        p = TLanes.MultiplyAdd(p, square, _p1);
        p = TLanes.MultiplyAdd(p, square, _p0);
        return TLanes.Select(TLanes.LessThan(magnitude, _near), TLanes.MultiplyAdd(x, p, x), far);
    }
}

/// <summary>2 / sqrt(pi) e^(-x^2), erf's slope, for floats.</summary>
internal readonly struct ErrorFunctionSlope<T, TVector, TLanes>
    : IVectorFunction<ErrorFunctionSlope<T, TVector, TLanes>, T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    private static readonly ConstantTable Table = new([(1.1283791670955126f, 0)]);

    private readonly NormalTail<T, TVector, TLanes> _tail;
    private readonly TVector _twoOverRootPi;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ErrorFunctionSlope(ref T constants)
    {
        _tail = NormalTail<T, TVector, TLanes>.Create();
        _twoOverRootPi = ConstantTable.At<T, TVector, TLanes>(ref constants, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ErrorFunctionSlope<T, TVector, TLanes> Create() => new(ref Table.Of<T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector x) =>
        TLanes.Multiply(_twoOverRootPi, _tail.Gauss(_tail.Magnitude(x), _tail.One));
}
