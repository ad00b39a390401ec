using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.Products;

/// <summary>Computes one tile of the product over one block of K: for each element a chain of fused multiply-adds from zero, in
/// ascending k. The tile's accumulators live in registers.</summary>
/// <remarks>A is read element by element, so its strides are free. A row of B is one, two or three registers.</remarks>
internal static unsafe class MicroKernel<T, TVector, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    /// <summary>Registers in a row of the largest tile.</summary>
    public const int MaxVectors = 3;

    /// <summary>Rows of the largest tile: its accumulators, a row of B and an element of A fill the register file.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MaxRows(int vectors) => TLanes.Registers >= 32 || vectors == 1 ? 8 : 4;

    /// <summary>The largest number of rows that has a kernel and is at most <paramref name="rows"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RowsFor(int rows, int maxRows) => rows >= maxRows ? maxRows : rows >= 4 ? 4 : rows >= 2 ? 2 : 1;

    /// <summary>Writes the tile [<paramref name="rows"/>, <paramref name="vectors"/> registers].</summary>
    public static void Run(
        int rows, int vectors, int k, T* a, nint aRow, nint aColumn, T* b, nint bRow, T* tile, nint tileRow)
    {
        switch ((rows * 4) + vectors)
        {
            case (8 * 4) + 3: EightRows<T, TVector, TLanes>.Three(k, a, aRow, aColumn, b, bRow, tile, tileRow); break;
            case (8 * 4) + 2: EightRows<T, TVector, TLanes>.Two(k, a, aRow, aColumn, b, bRow, tile, tileRow); break;
            case (8 * 4) + 1: EightRows<T, TVector, TLanes>.One(k, a, aRow, aColumn, b, bRow, tile, tileRow); break;
            case (4 * 4) + 3: FourRows<T, TVector, TLanes>.Three(k, a, aRow, aColumn, b, bRow, tile, tileRow); break;
            case (4 * 4) + 2: FourRows<T, TVector, TLanes>.Two(k, a, aRow, aColumn, b, bRow, tile, tileRow); break;
            case (4 * 4) + 1: FourRows<T, TVector, TLanes>.One(k, a, aRow, aColumn, b, bRow, tile, tileRow); break;
            case (2 * 4) + 3: TwoRows<T, TVector, TLanes>.Three(k, a, aRow, aColumn, b, bRow, tile, tileRow); break;
            case (2 * 4) + 2: TwoRows<T, TVector, TLanes>.Two(k, a, aRow, aColumn, b, bRow, tile, tileRow); break;
            case (2 * 4) + 1: TwoRows<T, TVector, TLanes>.One(k, a, aRow, aColumn, b, bRow, tile, tileRow); break;
            case 4 + 3: OneRow<T, TVector, TLanes>.Three(k, a, aRow, aColumn, b, bRow, tile, tileRow); break;
            case 4 + 2: OneRow<T, TVector, TLanes>.Two(k, a, aRow, aColumn, b, bRow, tile, tileRow); break;
            default: OneRow<T, TVector, TLanes>.One(k, a, aRow, aColumn, b, bRow, tile, tileRow); break;
        }
    }
}
