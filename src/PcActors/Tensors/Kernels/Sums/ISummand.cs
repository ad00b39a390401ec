using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.Sums;

/// <summary>What is summed up of each element.</summary>
internal interface ISummand
{
    /// <summary>The sum so far plus what x contributes; x = 0 contributes nothing.</summary>
    static abstract TVector Accumulate<T, TVector, TLanes>(TVector sum, TVector x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : unmanaged
        where TLanes : struct, ILanes<TVector, T>;
}

/// <summary>The element.</summary>
internal readonly struct PlainSummand : ISummand
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector ISummand.Accumulate<T, TVector, TLanes>(TVector sum, TVector x) => TLanes.Add(sum, x);
}

/// <summary>Its square.</summary>
internal readonly struct SquareSummand : ISummand
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector ISummand.Accumulate<T, TVector, TLanes>(TVector sum, TVector x) => TLanes.MultiplyAdd(x, x, sum);
}
