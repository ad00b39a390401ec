using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.Products;

/// <summary>Micro-kernels over four rows, for 16 registers and for the rows left over by eight: see
/// <see cref="MicroKernel{T, TVector, TLanes, TFinish}"/>.</summary>
internal static unsafe class FourRows<T, TVector, TLanes, TFinish>
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
        TVector c10 = default, c11 = default, c12 = default;
        TVector c20 = default, c21 = default, c22 = default;
        TVector c30 = default, c31 = default, c32 = default;
        for (; k > 0; k--)
        {
            var b0 = TLanes.Load(b);
            var b1 = TLanes.Load(b + TLanes.Count);
            var b2 = TLanes.Load(b + (2 * TLanes.Count));
            var x = TLanes.Broadcast(*a);
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            c01 = TLanes.MultiplyAdd(x, b1, c01);
            c02 = TLanes.MultiplyAdd(x, b2, c02);
            x = TLanes.Broadcast(a[aRow]);
            c10 = TLanes.MultiplyAdd(x, b0, c10);
            c11 = TLanes.MultiplyAdd(x, b1, c11);
            c12 = TLanes.MultiplyAdd(x, b2, c12);
            x = TLanes.Broadcast(a[2 * aRow]);
            c20 = TLanes.MultiplyAdd(x, b0, c20);
            c21 = TLanes.MultiplyAdd(x, b1, c21);
            c22 = TLanes.MultiplyAdd(x, b2, c22);
            x = TLanes.Broadcast(a[3 * aRow]);
            c30 = TLanes.MultiplyAdd(x, b0, c30);
            c31 = TLanes.MultiplyAdd(x, b1, c31);
            c32 = TLanes.MultiplyAdd(x, b2, c32);
            a += aColumn;
            b += bRow;
        }
        var factor = TLanes.Broadcast(minusAlpha);
        TFinish.Finish(c00, tile, theta, factor);
        TFinish.Finish(c01, tile + TLanes.Count, theta, factor);
        TFinish.Finish(c02, tile + (2 * TLanes.Count), theta, factor);
        tile += tileRow;
        TFinish.Finish(c10, tile, theta, factor);
        TFinish.Finish(c11, tile + TLanes.Count, theta, factor);
        TFinish.Finish(c12, tile + (2 * TLanes.Count), theta, factor);
        tile += tileRow;
        TFinish.Finish(c20, tile, theta, factor);
        TFinish.Finish(c21, tile + TLanes.Count, theta, factor);
        TFinish.Finish(c22, tile + (2 * TLanes.Count), theta, factor);
        tile += tileRow;
        TFinish.Finish(c30, tile, theta, factor);
        TFinish.Finish(c31, tile + TLanes.Count, theta, factor);
        TFinish.Finish(c32, tile + (2 * TLanes.Count), theta, factor);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Two(
        int k, T* a, nint aRow, nint aColumn, T* b, nint bRow, T* tile, nint tileRow, nint theta, T minusAlpha)
    {
        TVector c00 = default, c01 = default;
        TVector c10 = default, c11 = default;
        TVector c20 = default, c21 = default;
        TVector c30 = default, c31 = default;
        for (; k > 0; k--)
        {
            var b0 = TLanes.Load(b);
            var b1 = TLanes.Load(b + TLanes.Count);
            var x = TLanes.Broadcast(*a);
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            c01 = TLanes.MultiplyAdd(x, b1, c01);
            x = TLanes.Broadcast(a[aRow]);
            c10 = TLanes.MultiplyAdd(x, b0, c10);
            c11 = TLanes.MultiplyAdd(x, b1, c11);
            x = TLanes.Broadcast(a[2 * aRow]);
            c20 = TLanes.MultiplyAdd(x, b0, c20);
            c21 = TLanes.MultiplyAdd(x, b1, c21);
            x = TLanes.Broadcast(a[3 * aRow]);
            c30 = TLanes.MultiplyAdd(x, b0, c30);
            c31 = TLanes.MultiplyAdd(x, b1, c31);
            a += aColumn;
            b += bRow;
        }
        var factor = TLanes.Broadcast(minusAlpha);
        TFinish.Finish(c00, tile, theta, factor);
        TFinish.Finish(c01, tile + TLanes.Count, theta, factor);
        tile += tileRow;
        TFinish.Finish(c10, tile, theta, factor);
        TFinish.Finish(c11, tile + TLanes.Count, theta, factor);
        tile += tileRow;
        TFinish.Finish(c20, tile, theta, factor);
        TFinish.Finish(c21, tile + TLanes.Count, theta, factor);
        tile += tileRow;
        TFinish.Finish(c30, tile, theta, factor);
        TFinish.Finish(c31, tile + TLanes.Count, theta, factor);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(
        int k, T* a, nint aRow, nint aColumn, T* b, nint bRow, T* tile, nint tileRow, nint theta, T minusAlpha)
    {
        TVector c00 = default;
        TVector c10 = default;
        TVector c20 = default;
        TVector c30 = default;
        for (; k > 0; k--)
        {
            var b0 = TLanes.Load(b);
            var x = TLanes.Broadcast(*a);
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            x = TLanes.Broadcast(a[aRow]);
            c10 = TLanes.MultiplyAdd(x, b0, c10);
            x = TLanes.Broadcast(a[2 * aRow]);
            c20 = TLanes.MultiplyAdd(x, b0, c20);
            x = TLanes.Broadcast(a[3 * aRow]);
            c30 = TLanes.MultiplyAdd(x, b0, c30);
            a += aColumn;
            b += bRow;
        }
        var factor = TLanes.Broadcast(minusAlpha);
        TFinish.Finish(c00, tile, theta, factor);
        tile += tileRow;
        TFinish.Finish(c10, tile, theta, factor);
        tile += tileRow;
        TFinish.Finish(c20, tile, theta, factor);
        tile += tileRow;
        TFinish.Finish(c30, tile, theta, factor);
    }
}
