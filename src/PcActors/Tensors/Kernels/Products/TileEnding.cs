using System.Numerics;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.Products;

/// <summary>Brings a finished tile, or one block's part of it, to C.</summary>
internal static unsafe class TileEnding<T, TVector, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    /// <summary>Ends <paramref name="rows"/> by <paramref name="columns"/> elements of the tile.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="tile">The elements, row after row.</param>
    /// <param name="tileRow">Their row stride.</param>
    /// <param name="c">Where they belong in C.</param>
    /// <param name="cRow">C's row stride.</param>
    /// <param name="isSum">Whether C holds the sum of the blocks before, which is added first.</param>
    /// <param name="ending">What becomes of the sum.</param>
    /// <param name="theta">For an update.</param>
    /// <param name="alpha">For an update.</param>
    public static void Run(
        int rows, int columns, T* tile, nint tileRow, T* c, nint cRow, bool isSum, Ending ending, T* theta, T alpha)
    {
        var minusAlpha = TLanes.Broadcast(-alpha);
        var full = columns / TLanes.Count * TLanes.Count;
        var rest = columns - full;
        for (var i = 0; i < rows; i++)
        {
            switch (ending)
            {
                case Ending.Update:
                    for (var j = 0; j < full; j += TLanes.Count)
                    {
                        var g = TLanes.Load(tile + j);
                        if (isSum) g = TLanes.Add(TLanes.Load(c + j), g);
                        TLanes.Store(Updated(minusAlpha, g, TLanes.Load(theta + j)), c + j);
                    }
                    if (rest > 0)
                    {
                        var g = TLanes.Load(tile + full);
                        if (isSum) g = TLanes.Add(TLanes.LoadFirst(c + full, rest), g);
                        TLanes.StoreFirst(Updated(minusAlpha, g, TLanes.LoadFirst(theta + full, rest)), c + full, rest);
                    }
                    theta += cRow;
                    break;
                case Ending.Add:
                    for (var j = 0; j < full; j += TLanes.Count)
                        TLanes.Store(TLanes.Add(TLanes.Load(c + j), TLanes.Load(tile + j)), c + j);
                    if (rest > 0)
                    {
                        var g = TLanes.Add(TLanes.LoadFirst(c + full, rest), TLanes.Load(tile + full));
                        TLanes.StoreFirst(g, c + full, rest);
                    }
                    break;
                default:
                    for (var j = 0; j < full; j += TLanes.Count) TLanes.Store(TLanes.Load(tile + j), c + j);
                    if (rest > 0) TLanes.StoreFirst(TLanes.Load(tile + full), c + full, rest);
                    break;
            }
            tile += tileRow;
            c += cRow;
        }
    }

    // The zero erases a negative zero, as the separate update does.
    private static TVector Updated(TVector minusAlpha, TVector g, TVector theta) =>
        TLanes.Add(TLanes.MultiplyAdd(minusAlpha, g, theta), TLanes.Broadcast(T.Zero));
}
