using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.Products;

/// <summary>Micro-kernels over eight rows, for 32 registers: see
/// <see cref="MicroKernel{T, TVector, TLanes, TFinish}"/>.</summary>
internal static unsafe class EightRows<T, TVector, TLanes, TFinish>
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
        TVector c40 = default, c41 = default, c42 = default;
        TVector c50 = default, c51 = default, c52 = default;
        TVector c60 = default, c61 = default, c62 = default;
        TVector c70 = default, c71 = default, c72 = default;
        var a4 = a + (4 * aRow);
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
            x = TLanes.Broadcast(*a4);
            c40 = TLanes.MultiplyAdd(x, b0, c40);
            c41 = TLanes.MultiplyAdd(x, b1, c41);
            c42 = TLanes.MultiplyAdd(x, b2, c42);
            x = TLanes.Broadcast(a4[aRow]);
            c50 = TLanes.MultiplyAdd(x, b0, c50);
            c51 = TLanes.MultiplyAdd(x, b1, c51);
            c52 = TLanes.MultiplyAdd(x, b2, c52);
            x = TLanes.Broadcast(a4[2 * aRow]);
            c60 = TLanes.MultiplyAdd(x, b0, c60);
            c61 = TLanes.MultiplyAdd(x, b1, c61);
            c62 = TLanes.MultiplyAdd(x, b2, c62);
            x = TLanes.Broadcast(a4[3 * aRow]);
            c70 = TLanes.MultiplyAdd(x, b0, c70);
            c71 = TLanes.MultiplyAdd(x, b1, c71);
            c72 = TLanes.MultiplyAdd(x, b2, c72);
            a += aColumn;
            a4 += aColumn;
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
        tile += tileRow;
        TFinish.Finish(c40, tile, theta, factor);
        TFinish.Finish(c41, tile + TLanes.Count, theta, factor);
        TFinish.Finish(c42, tile + (2 * TLanes.Count), theta, factor);
        tile += tileRow;
        TFinish.Finish(c50, tile, theta, factor);
        TFinish.Finish(c51, tile + TLanes.Count, theta, factor);
        TFinish.Finish(c52, tile + (2 * TLanes.Count), theta, factor);
        tile += tileRow;
        TFinish.Finish(c60, tile, theta, factor);
        TFinish.Finish(c61, tile + TLanes.Count, theta, factor);
        TFinish.Finish(c62, tile + (2 * TLanes.Count), theta, factor);
        tile += tileRow;
        TFinish.Finish(c70, tile, theta, factor);
        TFinish.Finish(c71, tile + TLanes.Count, theta, factor);
        TFinish.Finish(c72, tile + (2 * TLanes.Count), theta, factor);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Two(
        int k, T* a, nint aRow, nint aColumn, T* b, nint bRow, T* tile, nint tileRow, nint theta, T minusAlpha)
    {
        TVector c00 = default, c01 = default;
        TVector c10 = default, c11 = default;
        TVector c20 = default, c21 = default;
        TVector c30 = default, c31 = default;
        TVector c40 = default, c41 = default;
        TVector c50 = default, c51 = default;
        TVector c60 = default, c61 = default;
        TVector c70 = default, c71 = default;
        var a4 = a + (4 * aRow);
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
            x = TLanes.Broadcast(*a4);
            c40 = TLanes.MultiplyAdd(x, b0, c40);
            c41 = TLanes.MultiplyAdd(x, b1, c41);
            x = TLanes.Broadcast(a4[aRow]);
            c50 = TLanes.MultiplyAdd(x, b0, c50);
            c51 = TLanes.MultiplyAdd(x, b1, c51);
            x = TLanes.Broadcast(a4[2 * aRow]);
            c60 = TLanes.MultiplyAdd(x, b0, c60);
            c61 = TLanes.MultiplyAdd(x, b1, c61);
            x = TLanes.Broadcast(a4[3 * aRow]);
            c70 = TLanes.MultiplyAdd(x, b0, c70);
            c71 = TLanes.MultiplyAdd(x, b1, c71);
            a += aColumn;
            a4 += aColumn;
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
        tile += tileRow;
        TFinish.Finish(c40, tile, theta, factor);
        TFinish.Finish(c41, tile + TLanes.Count, theta, factor);
        tile += tileRow;
        TFinish.Finish(c50, tile, theta, factor);
        TFinish.Finish(c51, tile + TLanes.Count, theta, factor);
        tile += tileRow;
        TFinish.Finish(c60, tile, theta, factor);
        TFinish.Finish(c61, tile + TLanes.Count, theta, factor);
        tile += tileRow;
        TFinish.Finish(c70, tile, theta, factor);
        TFinish.Finish(c71, tile + TLanes.Count, theta, factor);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(
        int k, T* a, nint aRow, nint aColumn, T* b, nint bRow, T* tile, nint tileRow, nint theta, T minusAlpha)
    {
        TVector c00 = default;
        TVector c10 = default;
        TVector c20 = default;
        TVector c30 = default;
        TVector c40 = default;
        TVector c50 = default;
        TVector c60 = default;
        TVector c70 = default;
        var a4 = a + (4 * aRow);
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
            x = TLanes.Broadcast(*a4);
            c40 = TLanes.MultiplyAdd(x, b0, c40);
            x = TLanes.Broadcast(a4[aRow]);
            c50 = TLanes.MultiplyAdd(x, b0, c50);
            x = TLanes.Broadcast(a4[2 * aRow]);
            c60 = TLanes.MultiplyAdd(x, b0, c60);
            x = TLanes.Broadcast(a4[3 * aRow]);
            c70 = TLanes.MultiplyAdd(x, b0, c70);
            a += aColumn;
            a4 += aColumn;
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
        tile += tileRow;
        TFinish.Finish(c40, tile, theta, factor);
        tile += tileRow;
        TFinish.Finish(c50, tile, theta, factor);
        tile += tileRow;
        TFinish.Finish(c60, tile, theta, factor);
        tile += tileRow;
        TFinish.Finish(c70, tile, theta, factor);
    }
}
