using System.Numerics;
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
