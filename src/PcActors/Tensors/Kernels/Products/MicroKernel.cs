using System.Numerics;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.Products;

/// <summary>Computes one tile of the product over one block of K: for each element a chain of fused multiply-adds from
/// zero, in ascending k. The tile's accumulators live in registers.</summary>
/// <remarks>A is read element by element, so its strides are free. A row of B is one, two or three registers.</remarks>
internal static unsafe class MicroKernel<T, TVector, TLanes, TFinish>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
    where TFinish : struct, IFinish<T, TVector>
{
    /// <summary>Finishes the tile [<paramref name="rows"/>, <paramref name="vectors"/> registers].</summary>
    public static void Run(
        int rows, int vectors, int k, T* a, nint aRow, nint aColumn, T* b, nint bRow, T* tile, nint tileRow, nint theta,
        T minusAlpha)
    {
        switch ((rows * 4) + vectors)
        {
            case (8 * 4) + 3:
                EightRows<T, TVector, TLanes, TFinish>.Three(k, a, aRow, aColumn, b, bRow, tile, tileRow, theta, minusAlpha);
                break;
            case (8 * 4) + 2:
                EightRows<T, TVector, TLanes, TFinish>.Two(k, a, aRow, aColumn, b, bRow, tile, tileRow, theta, minusAlpha);
                break;
            case (8 * 4) + 1:
                EightRows<T, TVector, TLanes, TFinish>.One(k, a, aRow, aColumn, b, bRow, tile, tileRow, theta, minusAlpha);
                break;
            case (4 * 4) + 3:
                FourRows<T, TVector, TLanes, TFinish>.Three(k, a, aRow, aColumn, b, bRow, tile, tileRow, theta, minusAlpha);
                break;
            case (4 * 4) + 2:
                FourRows<T, TVector, TLanes, TFinish>.Two(k, a, aRow, aColumn, b, bRow, tile, tileRow, theta, minusAlpha);
                break;
            case (4 * 4) + 1:
                FourRows<T, TVector, TLanes, TFinish>.One(k, a, aRow, aColumn, b, bRow, tile, tileRow, theta, minusAlpha);
                break;
            case (2 * 4) + 3:
                TwoRows<T, TVector, TLanes, TFinish>.Three(k, a, aRow, aColumn, b, bRow, tile, tileRow, theta, minusAlpha);
                break;
            case (2 * 4) + 2:
                TwoRows<T, TVector, TLanes, TFinish>.Two(k, a, aRow, aColumn, b, bRow, tile, tileRow, theta, minusAlpha);
                break;
            case (2 * 4) + 1:
                TwoRows<T, TVector, TLanes, TFinish>.One(k, a, aRow, aColumn, b, bRow, tile, tileRow, theta, minusAlpha);
                break;
            case (1 * 4) + 3:
                OneRow<T, TVector, TLanes, TFinish>.Three(k, a, aRow, aColumn, b, bRow, tile, tileRow, theta, minusAlpha);
                break;
            case (1 * 4) + 2:
                OneRow<T, TVector, TLanes, TFinish>.Two(k, a, aRow, aColumn, b, bRow, tile, tileRow, theta, minusAlpha);
                break;
            case (1 * 4) + 1:
                OneRow<T, TVector, TLanes, TFinish>.One(k, a, aRow, aColumn, b, bRow, tile, tileRow, theta, minusAlpha);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(rows), $"no kernel has {rows} rows of {vectors} registers");
        }
    }
}
