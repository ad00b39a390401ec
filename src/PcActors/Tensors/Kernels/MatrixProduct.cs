using System.Numerics;
using PcActors.Tensors.Kernels.Products;

namespace PcActors.Tensors.Kernels;

/// <summary>The matrix product C = A B for operands with arbitrary strides.</summary>
/// <remarks>
/// The bits are a contract. K is cut into blocks of <see cref="BlockLength"/>; within a block an element is a chain of
/// fused multiply-adds from zero in ascending k; the blocks' results are added left to right. Nothing else (strides,
/// tiling, vector width, how rows and columns are shared out among calls) changes a bit, except which NaN a NaN is.
/// </remarks>
public static unsafe class MatrixProduct
{
    /// <summary>Terms of a product that are accumulated from zero before they are added to those before.</summary>
    public const int BlockLength = 256;

    private static readonly VectorWidth Widest = VectorWidths.Widest;

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
    /// <param name="c">C; element (i, j) lies at <c>i * cRow + j</c>. It shares no element with A or B.</param>
    /// <param name="cRow">C's row stride, at least <paramref name="n"/>.</param>
    /// <param name="accumulate">Whether the finished product is added to C rather than stored.</param>
    /// <exception cref="ArgumentException">An extent or stride is negative, or an operand is shorter than they
    /// demand.</exception>
    public static void Multiply<T>(
        int m, int n, int k, ReadOnlySpan<T> a, int aRow, int aColumn, ReadOnlySpan<T> b, int bRow, int bColumn,
        Span<T> c, int cRow, bool accumulate = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Run(
            m, n, k, a, aRow, aColumn, b, bRow, bColumn, accumulate ? Ending.Add : Ending.Store, default, default, c,
            cRow,
            Widest);

    /// <summary>C = theta - alpha A B: what stochastic gradient descent makes of a gradient
    /// that is a product. An element is
    /// <c>fma(-alpha, g, theta) + 0</c>, where g is the element that <see cref="Multiply"/> stores.</summary>
    /// <param name="m">Rows of A, theta and C.</param>
    /// <param name="n">Columns of B, theta and C.</param>
    /// <param name="k">Columns of A, rows of B.</param>
    /// <param name="a">A, as in <see cref="Multiply"/>.</param>
    /// <param name="aRow">A's row stride.</param>
    /// <param name="aColumn">A's column stride.</param>
    /// <param name="b">B, as in <see cref="Multiply"/>.</param>
    /// <param name="bRow">B's row stride.</param>
    /// <param name="bColumn">B's column stride.</param>
    /// <param name="theta">Laid out as C is, and no part of it.</param>
    /// <param name="alpha">The factor.</param>
    /// <param name="c">C; element (i, j) lies at <c>i * cRow + j</c>. It shares no element
    /// with another operand.</param>
    /// <param name="cRow">The row stride of C and theta, at least <paramref name="n"/>.</param>
    /// <exception cref="ArgumentException">An extent or stride is negative, or an operand is shorter than they
    /// demand.</exception>
    public static void MultiplyUpdate<T>(
        int m, int n, int k, ReadOnlySpan<T> a, int aRow, int aColumn, ReadOnlySpan<T> b, int bRow, int bColumn,
        ReadOnlySpan<T> theta, T alpha, Span<T> c, int cRow)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Run(m, n, k, a, aRow, aColumn, b, bRow, bColumn, Ending.Update, theta, alpha, c, cRow, Widest);

    /// <summary>Any of the products, with registers of a width chosen by the caller.</summary>
    internal static void Run<T>(
        int m, int n, int k, ReadOnlySpan<T> a, int aRow, int aColumn, ReadOnlySpan<T> b, int bRow, int bColumn,
        Ending ending, ReadOnlySpan<T> theta, T alpha, Span<T> c, int cRow, VectorWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(m);
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        Check(a.Length, m, k, aRow, aColumn, nameof(a));
        Check(b.Length, k, n, bRow, bColumn, nameof(b));
        Check(c.Length, m, n, cRow, 1, nameof(c));
        if (m > 1 && cRow < n)
            throw new ArgumentException($"C's rows of {n} elements overlap at a row stride of {cRow}", nameof(cRow));
        if (ending == Ending.Update) Check(theta.Length, m, n, cRow, 1, nameof(theta));
        if (m == 0 || n == 0) return;
        fixed (T* pa = a, pb = b, pc = c, pt = theta)
        {
            var product = new Product<T>
            {
                M = m,
                N = n,
                K = k,
                A = pa,
                ARow = aRow,
                AColumn = aColumn,
                B = pb,
                BRow = bRow,
                BColumn = bColumn,
                C = pc,
                CRow = cRow,
                CColumn = 1,
                Ending = ending,
                Theta = pt,
                Alpha = alpha,
            };
            SharedProduct<T>.Run(product, width);
        }
    }

    private static void Check(int length, int rows, int columns, int rowStride, int columnStride, string name)
    {
        if (rowStride < 0 || columnStride < 0)
            throw new ArgumentException(
                $"the strides of '{name}' are {rowStride} and {columnStride}: neither may be negative", name);
        if (rows == 0 || columns == 0) return;
        var last = ((long)(rows - 1) * rowStride) + ((long)(columns - 1) * columnStride);
        if (last >= length)
            throw new ArgumentException(
                $"'{name}' holds {length} elements; {rows} by {columns} with strides {rowStride} and {columnStride} "
                + $"take {last + 1}",
                name);
    }
}
