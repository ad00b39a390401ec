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
    /// <summary>Ends a tile that lies row after row.</summary>
    /// <param name="product">The product; its C begins where the tile belongs, and its extents are the tile's.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="tileRow">Its row stride.</param>
    /// <param name="isSum">Whether C holds the sum of the blocks before, to which the tile is added first.</param>
    public static void Run(in Product<T> product, T* tile, nint tileRow, bool isSum)
    {
        if (product.CColumn == 1)
        {
            Rows(product, product.M, product.N, product.CRow, tile, tileRow, isSum);
            return;
        }
        if (product.Ending == Ending.Store)
        {
            Transposition.Run(product.M, product.N, tile, tileRow, product.C, product.CColumn);
            return;
        }
        var turned = (T*)Workspace.Current.TurnedTile;
        Transposition.Run(product.M, product.N, tile, tileRow, turned, product.M);
        Rows(product, product.N, product.M, product.CColumn, turned, product.M, isSum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows(in Product<T> product, int rows, int columns, nint cRow, T* tile, nint tileRow, bool isSum)
    {
        var full = columns / TLanes.Count * TLanes.Count;
        var rest = columns - full;
        var c = product.C;
        var theta = product.Theta;
        var minusAlpha = TLanes.Broadcast(-product.Alpha);
        for (; rows > 0; rows--)
        {
            switch (product.Ending)
            {
                case Ending.Store:
                    for (var j = 0; j < full; j += TLanes.Count) TLanes.Store(TLanes.Load(tile + j), c + j);
                    if (rest > 0) TLanes.StoreFirst(TLanes.LoadFirst(tile + full, rest), c + full, rest);
                    break;
                case Ending.Add:
                    for (var j = 0; j < full; j += TLanes.Count)
                        TLanes.Store(TLanes.Add(TLanes.Load(c + j), TLanes.Load(tile + j)), c + j);
                    if (rest > 0)
                    {
                        var g = TLanes.Add(TLanes.LoadFirst(c + full, rest), TLanes.LoadFirst(tile + full, rest));
                        TLanes.StoreFirst(g, c + full, rest);
                    }
                    break;
                default:
                    for (var j = 0; j < full; j += TLanes.Count)
                    {
                        var g = TLanes.Load(tile + j);
                        if (isSum) g = TLanes.Add(TLanes.Load(c + j), g);
                        TLanes.Store(Updated(minusAlpha, g, TLanes.Load(theta + j)), c + j);
                    }
                    if (rest > 0)
                    {
                        var g = TLanes.LoadFirst(tile + full, rest);
                        if (isSum) g = TLanes.Add(TLanes.LoadFirst(c + full, rest), g);
                        TLanes.StoreFirst(Updated(minusAlpha, g, TLanes.LoadFirst(theta + full, rest)), c + full, rest);
                    }
                    theta += cRow;
                    break;
            }
            tile += tileRow;
            c += cRow;
        }
    }

    // The zero erases a negative zero, as the separate update does.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Updated(TVector minusAlpha, TVector g, TVector theta) =>
        TLanes.Add(TLanes.MultiplyAdd(minusAlpha, g, theta), TLanes.Broadcast(T.Zero));
}
