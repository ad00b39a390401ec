using System.Runtime.CompilerServices;

namespace PcActors.Tensors.Kernels.ElementWise;

/// <summary>max(x, 0), NaN of NaN; the sum with 0 erases a negative zero.</summary>
internal readonly struct Rectifier : IVectorFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IVectorFunction2.Apply<T, TVector, TLanes>(TVector x, TVector y, TVector one) =>
        TLanes.Add(TLanes.Select(TLanes.LessThan(x, default), default, x), default);
}

/// <summary>fma(-mu, mu, 1) eps.</summary>
internal readonly struct TanhPullBack : IVectorFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IVectorFunction2.Apply<T, TVector, TLanes>(TVector x, TVector y, TVector one) =>
        TLanes.Multiply(TLanes.MultiplyAdd(TLanes.Subtract(default, x), x, one), y);
}

/// <summary>mu (1 - mu) eps, from left to right.</summary>
internal readonly struct SigmoidPullBack : IVectorFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IVectorFunction2.Apply<T, TVector, TLanes>(TVector x, TVector y, TVector one) =>
        TLanes.Multiply(TLanes.Multiply(x, TLanes.Subtract(one, x)), y);
}

/// <summary>eps where mu is positive, 0 elsewhere.</summary>
internal readonly struct ReluPullBack : IVectorFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IVectorFunction2.Apply<T, TVector, TLanes>(TVector x, TVector y, TVector one) =>
        TLanes.And(TLanes.LessThan(default, x), y);
}
