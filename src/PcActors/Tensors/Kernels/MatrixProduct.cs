using System.Numerics;

namespace PcActors.Tensors.Kernels;

/// <summary>The matrix product C = A B for operands with arbitrary strides.</summary>
public static class MatrixProduct
{
    /// <summary>C = A B, or C = C + A B.</summary>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="n">Columns of B and C.</param>
    /// <param name="k">Columns of A, rows of B.</param>
    /// <param name="a">A; element (i, p) lies at <c>i * aRow + p * aColumn</c>.</param>
    /// <param name="aRow">A's row stride.</param>
    /// <param name="aColumn">A's column stride.</param>
    /// <param name="b">B; element (p, j) lies at <c>p * bRow + j * bColumn</c>.</param>
    /// <param name="bRow">B's row stride.</param>
    /// <param name="bColumn">B's column stride.</param>
    /// <param name="c">C; element (i, j) lies at <c>i * cRow + j</c>.</param>
    /// <param name="cRow">C's row stride, at least <paramref name="n"/>.</param>
    /// <param name="accumulate">Whether the finished product is added to C rather than stored.</param>
    public static void Multiply<T>(
        int m, int n, int k, ReadOnlySpan<T> a, int aRow, int aColumn, ReadOnlySpan<T> b, int bRow, int bColumn,
        Span<T> c, int cRow, bool accumulate = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = T.Zero;
                for (var p = 0; p < k; p++)
                    sum = T.FusedMultiplyAdd(a[(i * aRow) + (p * aColumn)], b[(p * bRow) + (j * bColumn)], sum);
                c[(i * cRow) + j] = accumulate ? c[(i * cRow) + j] + sum : sum;
            }
        }
    }

    /// <summary>C = theta - alpha (A B).</summary>
    public static void MultiplyUpdate<T>(
        int m, int n, int k, ReadOnlySpan<T> a, int aRow, int aColumn, ReadOnlySpan<T> b, int bRow, int bColumn,
        ReadOnlySpan<T> theta, T alpha, Span<T> c, int cRow)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Multiply(m, n, k, a, aRow, aColumn, b, bRow, bColumn, c, cRow);
        for (var i = 0; i < c.Length; i++) c[i] = T.FusedMultiplyAdd(-alpha, c[i], theta[i]) + T.Zero;
    }
}
