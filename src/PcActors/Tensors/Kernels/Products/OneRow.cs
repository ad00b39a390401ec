using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.Products;

/// <summary>Micro-kernels over one row: see <see cref="MicroKernel{T, TVector, TLanes, TFinish}"/>.</summary>
internal static unsafe class OneRow<T, TVector, TLanes, TFinish>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
    where TFinish : struct, IFinish<T, TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Three(
        int k, T* a, nint aRow, nint aColumn, T* b, nint bRow, T* tile, nint tileRow, nint theta, T minusAlpha)
    {
        TVector c00 = default, c01 = default, c02 = default;
        for (; k > 0; k--)
        {
            var b0 = TLanes.Load(b);
            var b1 = TLanes.Load(b + TLanes.Count);
            var b2 = TLanes.Load(b + (2 * TLanes.Count));
            var x = TLanes.Broadcast(*a);
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            c01 = TLanes.MultiplyAdd(x, b1, c01);
            c02 = TLanes.MultiplyAdd(x, b2, c02);
            a += aColumn;
            b += bRow;
        }
        var factor = TLanes.Broadcast(minusAlpha);
        TFinish.Finish(c00, tile, theta, factor);
        TFinish.Finish(c01, tile + TLanes.Count, theta, factor);
        TFinish.Finish(c02, tile + (2 * TLanes.Count), theta, factor);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Two(
        int k, T* a, nint aRow, nint aColumn, T* b, nint bRow, T* tile, nint tileRow, nint theta, T minusAlpha)
    {
        TVector c00 = default, c01 = default;
        for (; k > 0; k--)
        {
            var b0 = TLanes.Load(b);
            var b1 = TLanes.Load(b + TLanes.Count);
            var x = TLanes.Broadcast(*a);
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            c01 = TLanes.MultiplyAdd(x, b1, c01);
            a += aColumn;
            b += bRow;
        }
        var factor = TLanes.Broadcast(minusAlpha);
        TFinish.Finish(c00, tile, theta, factor);
        TFinish.Finish(c01, tile + TLanes.Count, theta, factor);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(
        int k, T* a, nint aRow, nint aColumn, T* b, nint bRow, T* tile, nint tileRow, nint theta, T minusAlpha)
    {
        TVector c00 = default;
        for (; k > 0; k--)
        {
            var b0 = TLanes.Load(b);
            var x = TLanes.Broadcast(*a);
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            a += aColumn;
            b += bRow;
        }
        var factor = TLanes.Broadcast(minusAlpha);
        TFinish.Finish(c00, tile, theta, factor);
    }
}
