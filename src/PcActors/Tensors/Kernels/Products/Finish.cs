using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.Products;

/// <summary>What a micro-kernel does with a finished register of its tile.</summary>
/// <remarks>Where tiles overlap, doing it again must change nothing.</remarks>
internal unsafe interface IFinish<T, TVector>
    where T : unmanaged
    where TVector : unmanaged
{
    /// <summary>Brings a register to its place.</summary>
    /// <param name="value">The register.</param>
    /// <param name="to">Its place.</param>
    /// <param name="theta">Bytes from there to theta's element.</param>
    /// <param name="minusAlpha">-alpha in every lane.</param>
    static abstract void Finish(TVector value, T* to, nint theta, TVector minusAlpha);
}

/// <summary>Stores the register.</summary>
internal readonly unsafe struct StoreFinish<T, TVector, TLanes> : IFinish<T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish(TVector value, T* to, nint theta, TVector minusAlpha) => TLanes.Store(value, to);
}

/// <summary>Adds the register to what is there: for tiles that do not overlap.</summary>
internal readonly unsafe struct AddFinish<T, TVector, TLanes> : IFinish<T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish(TVector value, T* to, nint theta, TVector minusAlpha) =>
        TLanes.Store(TLanes.Add(TLanes.Load(to), value), to);
}

/// <summary>Stores fma(-alpha, value, theta) + 0. The zero erases a negative zero, as the
/// separate update does.</summary>
internal readonly unsafe struct UpdateFinish<T, TVector, TLanes> : IFinish<T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish(TVector value, T* to, nint theta, TVector minusAlpha)
    {
        var updated = TLanes.MultiplyAdd(minusAlpha, value, TLanes.Load((T*)((byte*)to + theta)));
        TLanes.Store(TLanes.Add(updated, TLanes.Broadcast(T.Zero)), to);
    }
}

/// <summary>What becomes of a finished element g of the product.</summary>
internal enum Ending
{
    /// <summary>c = g.</summary>
    Store,

    /// <summary>c = c + g.</summary>
    Add,

    /// <summary>c = fma(-alpha, g, theta) + 0.</summary>
    Update,
}
