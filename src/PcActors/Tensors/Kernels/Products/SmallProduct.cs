using System.Numerics;
using System.Runtime.CompilerServices;

namespace PcActors.Tensors.Kernels.Products;

/// <summary>The product by the plain loops: for so few elements that preparing registers
/// costs more, and for no terms at all.</summary>
internal static unsafe class SmallProduct<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Carries the product out.</summary>
    public static void Run(in Product<T> product)
    {
        for (var i = 0; i < product.M; i++)
        {
            for (var j = 0; j < product.N; j++)
            {
                var g = Element(product, product.A + (i * product.ARow), product.B + (j * product.BColumn));
                var at = product.Offset(i, j);
                product.C[at] = product.Ending switch
                {
                    Ending.Store => g,
                    Ending.Add => product.C[at] + g,
                    _ => T.FusedMultiplyAdd(-product.Alpha, g, product.Theta[at]) + T.Zero,
                };
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Element(in Product<T> product, T* a, T* b)
    {
        var (aColumn, bRow) = (product.AColumn, product.BRow);
        var sum = T.Zero;
        for (var start = 0; start < product.K; start += MatrixProduct.BlockLength)
        {
            var chain = T.Zero;
            for (var k = Math.Min(MatrixProduct.BlockLength, product.K - start); k > 0; k--)
            {
                chain = T.FusedMultiplyAdd(*a, *b, chain);
                a += aColumn;
                b += bRow;
            }
            sum = start == 0 ? chain : sum + chain;
        }
        return sum;
    }
}
