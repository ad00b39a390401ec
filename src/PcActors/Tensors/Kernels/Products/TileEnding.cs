using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.Products;

/// <summary>Brings a finished tile, or one block's part of it, to C.</summary>
internal static unsafe class TileEnding<T, TVector, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    /// <summary>Ends a tile.</summary>
    /// <param name="product">The product.</param>
    /// <param name="ending">What becomes of the tile: for all but the last block, a store or an addition.</param>
    /// <param name="isSum">Whether an update is of the tile added to C, which holds the sum
    /// of the blocks before.</param>
    /// <param name="row">The tile's first row in C.</param>
    /// <param name="column">The tile's first column in C.</param>
    /// <param name="rows">The tile's rows.</param>
    /// <param name="columns">The tile's columns.</param>
    /// <param name="tile">The tile, row after row.</param>
    /// <param name="tileRow">Its row stride.</param>
    public static void Run(
        in Product<T> product, Ending ending, bool isSum, int row, int column, int rows, int columns, T* tile,
        nint tileRow)
    {
        var c = product.C + product.Offset(row, column);
        var cRow = product.CRow;
        if (product.CColumn != 1)
        {
            cRow = product.CColumn;
            if (ending == Ending.Store)
            {
                Transposition.Run(rows, columns, tile, tileRow, c, cRow);
                return;
            }
            var turned = (T*)Workspace.Current.TurnedTile;
            Transposition.Run(rows, columns, tile, tileRow, turned, rows);
            tile = turned;
            tileRow = rows;
            (rows, columns) = (columns, rows);
        }
        if (ending == Ending.Store) Store(rows, columns, tile, tileRow, c, cRow);
        else if (ending == Ending.Add) Add(rows, columns, tile, tileRow, c, cRow);
        else
        {
            if (isSum) Gather(rows, columns, tile, tileRow, c, cRow);
            Update(rows, columns, tile, tileRow, c, cRow, product.Theta + product.Offset(row, column), -product.Alpha);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Store(int rows, int columns, T* tile, nint tileRow, T* c, nint cRow)
    {
        for (; rows > 0; rows--, tile += tileRow, c += cRow)
        {
            var j = 0;
            for (; j <= columns - TLanes.Count; j += TLanes.Count) TLanes.Store(TLanes.Load(tile + j), c + j);
            if (j < columns) TLanes.StoreFirst(TLanes.LoadFirst(tile + j, columns - j), c + j, columns - j);
        }
    }

    /// <summary>c = c + tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(int rows, int columns, T* tile, nint tileRow, T* c, nint cRow)
    {
        for (; rows > 0; rows--, tile += tileRow, c += cRow)
        {
            var j = 0;
            for (; j <= columns - TLanes.Count; j += TLanes.Count)
                TLanes.Store(TLanes.Add(TLanes.Load(c + j), TLanes.Load(tile + j)), c + j);
            var rest = columns - j;
            if (rest > 0)
                TLanes.StoreFirst(TLanes.Add(TLanes.LoadFirst(c + j, rest), TLanes.LoadFirst(tile + j, rest)), c + j,
                    rest);
        }
    }

    /// <summary>tile = c + tile.</summary>
    private static void Gather(int rows, int columns, T* tile, nint tileRow, T* c, nint cRow)
    {
        for (; rows > 0; rows--, tile += tileRow, c += cRow)
        {
            for (var j = 0; j < columns; j++) tile[j] = c[j] + tile[j];
        }
    }

    /// <summary>c = fma(-alpha, tile, theta) + 0. The zero erases a negative zero, as the
    /// separate update does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Update(
        int rows, int columns, T* tile, nint tileRow, T* c, nint cRow, T* theta, T minusAlpha)
    {
        var factor = TLanes.Broadcast(minusAlpha);
        var zero = TLanes.Broadcast(T.Zero);
        for (; rows > 0; rows--, tile += tileRow, c += cRow, theta += cRow)
        {
            var j = 0;
            for (; j <= columns - TLanes.Count; j += TLanes.Count)
            {
                var updated = TLanes.MultiplyAdd(factor, TLanes.Load(tile + j), TLanes.Load(theta + j));
                TLanes.Store(TLanes.Add(updated, zero), c + j);
            }
            var rest = columns - j;
            if (rest > 0)
            {
                var updated = TLanes.MultiplyAdd(factor, TLanes.LoadFirst(tile + j, rest),
                    TLanes.LoadFirst(theta + j, rest));
                TLanes.StoreFirst(TLanes.Add(updated, zero), c + j, rest);
            }
        }
    }
}
