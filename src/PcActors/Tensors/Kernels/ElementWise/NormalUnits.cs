using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.ElementWise;

/// <summary>The normal distribution's cumulative probability P(x) = erfc(-x / sqrt 2) / 2 and its e^(-x^2 / 2), for
/// floats.</summary>
internal readonly struct NormalProbability<T, TVector, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    private static readonly ConstantTable Table = new([(0.70710677f, 0)]);

    private readonly NormalTail<T, TVector, TLanes> _tail;
    private readonly TVector _zero, _halfRoot;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private NormalProbability(ref T constants)
    {
        _tail = NormalTail<T, TVector, TLanes>.Create();
        _zero = TLanes.Broadcast(T.Zero);
        _halfRoot = ConstantTable.At<T, TVector, TLanes>(ref constants, 0);
    }

    /// <summary>With its constants loaded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NormalProbability<T, TVector, TLanes> Create() => new(ref Table.Of<T>());

    /// <summary>P(x), also where it is close to 0 with few ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector At(TVector x, out TVector gauss)
    {
        var magnitude = _tail.Magnitude(x);
        gauss = _tail.Gauss(magnitude, _tail.Half);
        var tail = TLanes.Multiply(_tail.Half, _tail.Complement(TLanes.Multiply(magnitude, _halfRoot), gauss));
        return TLanes.Select(TLanes.LessThan(x, _zero), tail, TLanes.Subtract(_tail.One, tail));
    }
}

/// <summary>x P(x), for floats.</summary>
internal readonly struct GeluLanes<T, TVector, TLanes> : IVectorFunction<GeluLanes<T, TVector, TLanes>, T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    private readonly NormalProbability<T, TVector, TLanes> _probability;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private GeluLanes(NormalProbability<T, TVector, TLanes> probability) => _probability = probability;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GeluLanes<T, TVector, TLanes> Create() => new(NormalProbability<T, TVector, TLanes>.Create());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector x) => TLanes.Multiply(x, _probability.At(x, out _));
}

/// <summary>P(x) + x P'(x) with P'(x) = e^(-x^2 / 2) / sqrt(2 pi), for floats.</summary>
internal readonly struct GeluSlope<T, TVector, TLanes> : IVectorFunction<GeluSlope<T, TVector, TLanes>, T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    private static readonly ConstantTable Table = new([(0.3989422804014327f, 0)]);

    private readonly NormalProbability<T, TVector, TLanes> _probability;
    private readonly TVector _inverseRootTwoPi;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private GeluSlope(ref T constants)
    {
        _probability = NormalProbability<T, TVector, TLanes>.Create();
        _inverseRootTwoPi = ConstantTable.At<T, TVector, TLanes>(ref constants, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GeluSlope<T, TVector, TLanes> Create() => new(ref Table.Of<T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector x)
    {
        var probability = _probability.At(x, out var gauss);
        return TLanes.MultiplyAdd(TLanes.Multiply(x, _inverseRootTwoPi), gauss, probability);
    }
}
