using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;

namespace PcActors.Functions;

/// <summary>One factor of a matrix product: a tensor viewed as a matrix [Rows, the rest], or the transpose of that.</summary>
/// <param name="Tensor">The elements.</param>
/// <param name="Rows">Rows of the matrix as it lies in memory.</param>
/// <param name="Transposed">Whether its transpose is meant.</param>
internal readonly record struct MatrixFactor<T>(Tensor<T> Tensor, int Rows, bool Transposed)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The transpose: another view, nothing moves.</summary>
    public MatrixFactor<T> Transpose => this with { Transposed = !Transposed };

    /// <summary>The product of two factors, row-major and dense: of pull-backs, whole and factored, the only way.</summary>
    public static void Multiply(MatrixFactor<T> left, MatrixFactor<T> right, Span<T> result, bool accumulate = false)
    {
        if (left.Tensor.Length == 0 || right.Tensor.Length == 0)
        {
            // Either nothing to write, or sums of nothing.
            if (!accumulate) result.Clear();
            return;
        }
        var (m, k, leftRow, leftColumn) = left.View();
        var (_, n, rightRow, rightColumn) = right.View();
        MatrixProduct.Multiply(
            m, n, k, left.Tensor.Span, leftRow, leftColumn, right.Tensor.Span, rightRow, rightColumn, result, n,
            accumulate);
    }

    /// <summary>theta - rate (left right), with the bits of doing one after the other.</summary>
    public static void Update(MatrixFactor<T> left, MatrixFactor<T> right, ReadOnlySpan<T> theta, T rate, Span<T> result)
    {
        if (left.Tensor.Length == 0 || right.Tensor.Length == 0)
        {
            theta.CopyTo(result);
            return;
        }
        var (m, k, leftRow, leftColumn) = left.View();
        var (_, n, rightRow, rightColumn) = right.View();
        MatrixProduct.MultiplyUpdate(
            m, n, k, left.Tensor.Span, leftRow, leftColumn, right.Tensor.Span, rightRow, rightColumn, theta, rate, result, n);
    }

    /// <summary>The product of two factors, left for the receiver to carry out.</summary>
    public static FactoredProduct<T> Defer(MatrixFactor<T> left, MatrixFactor<T> right, Shape shape) =>
        new(left.Tensor, left.Rows, left.Transposed, right.Tensor, right.Rows, right.Transposed, shape);

    private (int Rows, int Columns, int RowStride, int ColumnStride) View()
    {
        var columns = Tensor.Length / Rows;
        return Transposed ? (columns, Rows, 1, columns) : (Rows, columns, columns, 1);
    }
}
