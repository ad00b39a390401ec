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
            if (width == VectorWidth.Bits512 && product.N >= Vector512<T>.Count)
                BlockedProduct<T, Vector512<T>, Lanes512<T>>.RunBlocks(product);
            else if (width >= VectorWidth.Bits256 && product.N >= Vector256<T>.Count)
                BlockedProduct<T, Vector256<T>, Lanes256<T>>.RunBlocks(product);
            else BlockedProduct<T, Vector128<T>, Lanes128<T>>.RunBlocks(product);
        }
        else if (width == VectorWidth.Bits512) BlockedProduct<T, Vector512<T>, Lanes512<T>>.Run(product);
        else if (width == VectorWidth.Bits256) BlockedProduct<T, Vector256<T>, Lanes256<T>>.Run(product);
        else BlockedProduct<T, Vector128<T>, Lanes128<T>>.Run(product);
    }
}
