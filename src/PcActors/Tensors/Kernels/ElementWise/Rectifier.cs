using System.Runtime.CompilerServices;

namespace PcActors.Tensors.Kernels.ElementWise;

/// <summary>max(x, 0), NaN of NaN; the sum with 0 erases a negative zero.</summary>
internal readonly struct Rectifier : IVectorFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IVectorFunction2.Apply<T, TVector, TLanes>(TVector x, TVector y, TVector one) =>
        TLanes.Add(TLanes.Select(TLanes.LessThan(x, default), default, x), default);
}
