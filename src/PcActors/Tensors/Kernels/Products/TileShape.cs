using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.Products;

/// <summary>The tiles that have a kernel.</summary>
internal static class TileShape<T, TVector, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    /// <summary>Registers in a row of the widest tile.</summary>
    public const int MaxVectors = 3;

    /// <summary>Rows of the largest tile: its accumulators, a row of B and an element of A fill the register
    /// file.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MaxRows(int vectors) => TLanes.Registers >= 32 || vectors == 1 ? 8 : 4;

    /// <summary>The largest number of rows that has a kernel and is at most <paramref name="rows"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RowsFor(int rows, int maxRows) => rows >= maxRows ? maxRows : rows >= 4 ? 4 : rows >= 2 ? 2 : 1;
}
