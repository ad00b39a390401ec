using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.Products;

/// <summary>Computes one tile of the product over one block of K: for each element a chain of fused multiply-adds from
/// zero, in ascending k. The tile's accumulators live in registers.</summary>
/// <remarks>A is read element by element, so its strides are free. A row of B is one, two or three
/// registers. The tile is written once, for its largest shape; of a smaller one the compiler leaves out what its shape,
/// which it knows, does not have.</remarks>
internal static unsafe class MicroKernel<T, TVector, TLanes, TStep, TFinish>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
    where TStep : struct, IRowStep
    where TFinish : struct, IFinish<T, TVector>
{
    /// <summary>Finishes the tile [<paramref name="rows"/>, <paramref name="vectors"/> registers]. What
    /// <paramref name="bStep"/> says of B's rows is for <typeparamref name="TStep"/> to read.</summary>
    public static void Run(
        int rows, int vectors, int k, T* a, nint aRow, nint aColumn, T* b, nint bStep, T* tile, nint tileRow,
        nint theta, T minusAlpha)
    {
        switch ((rows * 4) + vectors)
        {
            case (8 * 4) + 3:
                Tile<Eight, Three>(k, a, aRow, aColumn, b, bStep, tile, tileRow, theta, minusAlpha);
                break;
            case (8 * 4) + 2: Tile<Eight, Two>(k, a, aRow, aColumn, b, bStep, tile, tileRow, theta, minusAlpha); break;
            case (8 * 4) + 1: Tile<Eight, One>(k, a, aRow, aColumn, b, bStep, tile, tileRow, theta, minusAlpha); break;
            case (4 * 4) + 3: Tile<Four, Three>(k, a, aRow, aColumn, b, bStep, tile, tileRow, theta, minusAlpha); break;
            case (4 * 4) + 2: Tile<Four, Two>(k, a, aRow, aColumn, b, bStep, tile, tileRow, theta, minusAlpha); break;
            case (4 * 4) + 1: Tile<Four, One>(k, a, aRow, aColumn, b, bStep, tile, tileRow, theta, minusAlpha); break;
            case (2 * 4) + 3: Tile<Two, Three>(k, a, aRow, aColumn, b, bStep, tile, tileRow, theta, minusAlpha); break;
            case (2 * 4) + 2: Tile<Two, Two>(k, a, aRow, aColumn, b, bStep, tile, tileRow, theta, minusAlpha); break;
            case (2 * 4) + 1: Tile<Two, One>(k, a, aRow, aColumn, b, bStep, tile, tileRow, theta, minusAlpha); break;
            case (1 * 4) + 3: Tile<One, Three>(k, a, aRow, aColumn, b, bStep, tile, tileRow, theta, minusAlpha); break;
            case (1 * 4) + 2: Tile<One, Two>(k, a, aRow, aColumn, b, bStep, tile, tileRow, theta, minusAlpha); break;
            case (1 * 4) + 1: Tile<One, One>(k, a, aRow, aColumn, b, bStep, tile, tileRow, theta, minusAlpha); break;
            default:
                throw new ArgumentOutOfRangeException(nameof(rows),
                    $"no kernel has {rows} rows of {vectors} registers");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<TRows, TColumns>(
        int k, T* a, nint aRow, nint aColumn, T* b, nint bStep, T* tile, nint tileRow, nint theta, T minusAlpha)
        where TRows : struct, INumber
        where TColumns : struct, INumber
    {
        TVector c00 = default, c01 = default, c02 = default;
        TVector c10 = default, c11 = default, c12 = default;
        TVector c20 = default, c21 = default, c22 = default;
        TVector c30 = default, c31 = default, c32 = default;
        TVector c40 = default, c41 = default, c42 = default;
        TVector c50 = default, c51 = default, c52 = default;
        TVector c60 = default, c61 = default, c62 = default;
        TVector c70 = default, c71 = default, c72 = default;
        var a4 = TRows.Value > 4 ? a + (4 * aRow) : a;
        for (; k > 0; k--)
        {
            TVector b1 = default, b2 = default;
            var b0 = TLanes.Load(b);
            if (TColumns.Value > 1) b1 = TLanes.Load(b + TLanes.Count);
            if (TColumns.Value > 2) b2 = TLanes.Load(b + (2 * TLanes.Count));
            var x = TLanes.Broadcast(*a);
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            if (TColumns.Value > 1) c01 = TLanes.MultiplyAdd(x, b1, c01);
            if (TColumns.Value > 2) c02 = TLanes.MultiplyAdd(x, b2, c02);
            if (TRows.Value > 1)
            {
                x = TLanes.Broadcast(a[aRow]);
                c10 = TLanes.MultiplyAdd(x, b0, c10);
                if (TColumns.Value > 1) c11 = TLanes.MultiplyAdd(x, b1, c11);
                if (TColumns.Value > 2) c12 = TLanes.MultiplyAdd(x, b2, c12);
            }
            if (TRows.Value > 2)
            {
                x = TLanes.Broadcast(a[2 * aRow]);
                c20 = TLanes.MultiplyAdd(x, b0, c20);
                if (TColumns.Value > 1) c21 = TLanes.MultiplyAdd(x, b1, c21);
                if (TColumns.Value > 2) c22 = TLanes.MultiplyAdd(x, b2, c22);
                x = TLanes.Broadcast(a[3 * aRow]);
                c30 = TLanes.MultiplyAdd(x, b0, c30);
                if (TColumns.Value > 1) c31 = TLanes.MultiplyAdd(x, b1, c31);
                if (TColumns.Value > 2) c32 = TLanes.MultiplyAdd(x, b2, c32);
            }
            if (TRows.Value > 4)
            {
                x = TLanes.Broadcast(*a4);
                c40 = TLanes.MultiplyAdd(x, b0, c40);
                if (TColumns.Value > 1) c41 = TLanes.MultiplyAdd(x, b1, c41);
                if (TColumns.Value > 2) c42 = TLanes.MultiplyAdd(x, b2, c42);
                x = TLanes.Broadcast(a4[aRow]);
                c50 = TLanes.MultiplyAdd(x, b0, c50);
                if (TColumns.Value > 1) c51 = TLanes.MultiplyAdd(x, b1, c51);
                if (TColumns.Value > 2) c52 = TLanes.MultiplyAdd(x, b2, c52);
                x = TLanes.Broadcast(a4[2 * aRow]);
                c60 = TLanes.MultiplyAdd(x, b0, c60);
                if (TColumns.Value > 1) c61 = TLanes.MultiplyAdd(x, b1, c61);
                if (TColumns.Value > 2) c62 = TLanes.MultiplyAdd(x, b2, c62);
                x = TLanes.Broadcast(a4[3 * aRow]);
                c70 = TLanes.MultiplyAdd(x, b0, c70);
                if (TColumns.Value > 1) c71 = TLanes.MultiplyAdd(x, b1, c71);
                if (TColumns.Value > 2) c72 = TLanes.MultiplyAdd(x, b2, c72);
            }
            a += aColumn;
            if (TRows.Value > 4) a4 += aColumn;
            b = TStep.Next(b, bStep);
            bStep = TStep.After(bStep);
        }
        var factor = TLanes.Broadcast(minusAlpha);
        TFinish.Finish(c00, tile, theta, factor);
        if (TColumns.Value > 1) TFinish.Finish(c01, tile + TLanes.Count, theta, factor);
        if (TColumns.Value > 2) TFinish.Finish(c02, tile + (2 * TLanes.Count), theta, factor);
        if (TRows.Value > 1)
        {
            tile += tileRow;
            TFinish.Finish(c10, tile, theta, factor);
            if (TColumns.Value > 1) TFinish.Finish(c11, tile + TLanes.Count, theta, factor);
            if (TColumns.Value > 2) TFinish.Finish(c12, tile + (2 * TLanes.Count), theta, factor);
        }
        if (TRows.Value > 2)
        {
            tile += tileRow;
            TFinish.Finish(c20, tile, theta, factor);
            if (TColumns.Value > 1) TFinish.Finish(c21, tile + TLanes.Count, theta, factor);
            if (TColumns.Value > 2) TFinish.Finish(c22, tile + (2 * TLanes.Count), theta, factor);
            tile += tileRow;
            TFinish.Finish(c30, tile, theta, factor);
            if (TColumns.Value > 1) TFinish.Finish(c31, tile + TLanes.Count, theta, factor);
            if (TColumns.Value > 2) TFinish.Finish(c32, tile + (2 * TLanes.Count), theta, factor);
        }
        if (TRows.Value > 4)
        {
            tile += tileRow;
            TFinish.Finish(c40, tile, theta, factor);
            if (TColumns.Value > 1) TFinish.Finish(c41, tile + TLanes.Count, theta, factor);
            if (TColumns.Value > 2) TFinish.Finish(c42, tile + (2 * TLanes.Count), theta, factor);
            tile += tileRow;
            TFinish.Finish(c50, tile, theta, factor);
            if (TColumns.Value > 1) TFinish.Finish(c51, tile + TLanes.Count, theta, factor);
            if (TColumns.Value > 2) TFinish.Finish(c52, tile + (2 * TLanes.Count), theta, factor);
            tile += tileRow;
            TFinish.Finish(c60, tile, theta, factor);
            if (TColumns.Value > 1) TFinish.Finish(c61, tile + TLanes.Count, theta, factor);
            if (TColumns.Value > 2) TFinish.Finish(c62, tile + (2 * TLanes.Count), theta, factor);
            tile += tileRow;
            TFinish.Finish(c70, tile, theta, factor);
            if (TColumns.Value > 1) TFinish.Finish(c71, tile + TLanes.Count, theta, factor);
            if (TColumns.Value > 2) TFinish.Finish(c72, tile + (2 * TLanes.Count), theta, factor);
        }
    }

    /// <summary>How many rows or registers a tile has.</summary>
    private interface INumber
    {
        static abstract int Value { get; }
    }

    private readonly struct One : INumber
    {
        public static int Value
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => 1;
        }
    }

    private readonly struct Two : INumber
    {
        public static int Value
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => 2;
        }
    }

    private readonly struct Three : INumber
    {
        public static int Value
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => 3;
        }
    }

    private readonly struct Four : INumber
    {
        public static int Value
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => 4;
        }
    }

    private readonly struct Eight : INumber
    {
        public static int Value
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => 8;
        }
    }
}
