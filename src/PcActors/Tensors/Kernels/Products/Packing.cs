using System.Numerics;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.Products;

/// <summary>Copies a panel of B so that its rows follow one another.</summary>
internal static unsafe class Packing<T, TVector, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    /// <summary>Packs a panel of <paramref name="vectors"/> registers a row; columns beyond <paramref name="columns"/> become
    /// zeros.</summary>
    public static void Panel(int k, int columns, int vectors, T* b, nint bRow, nint bColumn, T* panel)
    {
        var width = vectors * TLanes.Count;
        if (bColumn == 1) Rows(k, Math.Min(columns, width), vectors, b, bRow, panel);
        else
        {
            columns = Math.Min(columns, width);
            if (columns < width) new Span<T>(panel, k * width).Clear();
            if (bRow == 1) Transposition.Run(columns, k, b, bColumn, panel, width);
            else Elements(k, columns, b, bRow, bColumn, panel, width);
        }
    }

    private static void Rows(int k, int columns, int vectors, T* b, nint bRow, T* panel)
    {
        var full = columns / TLanes.Count;
        var rest = columns % TLanes.Count;
        for (var p = 0; p < k; p++)
        {
            for (var v = 0; v < full; v++) TLanes.Store(TLanes.Load(b + (v * TLanes.Count)), panel + (v * TLanes.Count));
            if (full < vectors)
                TLanes.Store(TLanes.LoadFirst(b + (full * TLanes.Count), rest), panel + (full * TLanes.Count));
            b += bRow;
            panel += vectors * TLanes.Count;
        }
    }

    private static void Elements(int k, int columns, T* b, nint bRow, nint bColumn, T* panel, int width)
    {
        for (var p = 0; p < k; p++)
        {
            for (var j = 0; j < columns; j++) panel[(p * width) + j] = b[(p * bRow) + (j * bColumn)];
        }
    }
}
