using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.Products;

/// <summary>Chooses the registers for a product.</summary>
internal static unsafe class ProductWidth<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Multiplications up to which plain loops are the fastest: for columns that fill a register, and for fewer.
    private const int FewTerms = 8;
    private const int FewThinTerms = 128;

    // Multiplications from which on a plan pays.
    private const int PlannedTerms = 16 * 1024;

    /// <summary>Carries the product out in registers of at most the width given.</summary>
    public static void Run(in Product<T> product, VectorWidth width)
    {
        var terms = (long)product.M * product.N * product.K;
        var fills = product.N >= Vector128<T>.Count;
        if (terms <= (fills ? FewTerms : FewThinTerms))
        {
            SmallProduct<T>.Run(product);
            return;
        }
        if (terms < PlannedTerms && fills && product.BColumn == 1 && product.K <= MatrixProduct.BlockLength)
        {
            if (product.N < Vector256<T>.Count) width = VectorWidth.Portable;
            else if (product.N < Vector512<T>.Count && width == VectorWidth.Bits512) width = VectorWidth.Bits256;
            RunPlainly(product, width);
            return;
        }
        fixed (Product<T>* pinned = &product) LanesDispatch.Run<T, PlannedAction>(new PlannedAction(pinned), width);
    }

    /// <summary>Carries the product out plainly, in registers of the width given.</summary>
    public static void RunPlainly(in Product<T> product, VectorWidth width)
    {
        fixed (Product<T>* pinned = &product) LanesDispatch.Run<T, PlainAction>(new PlainAction(pinned), width);
    }

    private readonly struct PlannedAction(void* product) : ILanesAction
    {
        void ILanesAction.Run<TElement, TVector, TLanes>() =>
            BlockedProduct<TElement, TVector, TLanes>.Run(*(Product<TElement>*)product);
    }

    private readonly struct PlainAction(void* product) : ILanesAction
    {
        void ILanesAction.Run<TElement, TVector, TLanes>() =>
            BlockedProduct<TElement, TVector, TLanes>.RunBlocks(*(Product<TElement>*)product);
    }
}

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
