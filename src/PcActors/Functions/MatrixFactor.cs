using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;

namespace PcActors.Functions;

/// <summary>A matrix product that has not been carried out yet: op(Left) op(Right), where op is the
/// transpose or nothing.</summary>
/// <remarks>A product's pull-back to its weights travels in this form: the work is then the
/// parameter's own, off the path of the wave, and two thin factors cross a network in
/// place of a wide product.</remarks>
/// <param name="Left">Viewed as a matrix [<paramref name="LeftRows"/>, the rest].</param>
/// <param name="LeftRows">Rows of the left factor as it lies in memory.</param>
/// <param name="TransposeLeft">Whether the left factor is transposed.</param>
/// <param name="Right">Viewed as a matrix [<paramref name="RightRows"/>, the rest].</param>
/// <param name="RightRows">Rows of the right factor as it lies in memory.</param>
/// <param name="TransposeRight">Whether the right factor is transposed.</param>
/// <param name="Shape">The product's shape.</param>
public sealed record FactoredProduct<T>(
    Tensor<T> Left, int LeftRows, bool TransposeLeft, Tensor<T> Right, int RightRows, bool TransposeRight, Shape Shape)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Bytes of both factors' elements.</summary>
    public long Bytes => Left.Bytes + Right.Bytes;

    /// <summary>Carries the product out.</summary>
    /// <param name="result">Receives it; of shape <see cref="Shape"/>.</param>
    public void WriteTo(Tensor<T> result) => MatrixFactor<T>.Multiply(LeftFactor, RightFactor, result.Writable);

    /// <summary>Carries the product out and adds it, finished, to a sum.</summary>
    public void AddTo(Tensor<T> sum) =>
        MatrixFactor<T>.Multiply(LeftFactor, RightFactor, sum.Writable, accumulate: true);

    /// <summary>Rows of the product.</summary>
    internal int Rows => LeftFactor.Extents.Rows;

    /// <summary>Multiply-adds of the product.</summary>
    internal long Operations => (long)Left.Length * RightFactor.Extents.Columns;

    /// <summary>Carries rows of a product that has multiply-adds out, and stores them or adds them to a sum.</summary>
    /// <param name="row">The first of them.</param>
    /// <param name="rows">How many.</param>
    /// <param name="result">The whole result or sum.</param>
    /// <param name="adds">Whether they are added to what is there.</param>
    internal void RowsTo(int row, int rows, Tensor<T> result, bool adds) =>
        MatrixFactor<T>.Multiply(LeftFactor, RightFactor, result.Writable, adds, row, rows);

    /// <summary>Carries the product P out and stores theta - rate P, with the bits of doing
    /// one after the other.</summary>
    /// <param name="theta">Of shape <see cref="Shape"/>.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="result">Receives the difference; not <paramref name="theta"/> itself.</param>
    public void UpdateTo(Tensor<T> theta, T rate, Tensor<T> result) =>
        MatrixFactor<T>.Update(LeftFactor, RightFactor, theta.Span, rate, result.Writable);

    internal void Hold()
    {
        Left.Hold();
        Right.Hold();
    }

    internal void Release()
    {
        Left.Release();
        Right.Release();
    }

    private MatrixFactor<T> LeftFactor => new(Left, LeftRows, TransposeLeft);

    private MatrixFactor<T> RightFactor => new(Right, RightRows, TransposeRight);
}

/// <summary>One factor of a matrix product: a tensor viewed as a matrix [Rows, the rest], or
/// the transpose of that.</summary>
/// <param name="Tensor">The elements.</param>
/// <param name="Rows">Rows of the matrix as it lies in memory.</param>
/// <param name="Transposed">Whether its transpose is meant.</param>
internal readonly record struct MatrixFactor<T>(Tensor<T> Tensor, int Rows, bool Transposed)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The transpose: another view, nothing moves.</summary>
    public MatrixFactor<T> Transpose => this with { Transposed = !Transposed };

    /// <summary>The rows and columns that are meant.</summary>
    public (int Rows, int Columns) Extents => View() is var (rows, columns, _, _) ? (rows, columns) : default;

    /// <summary>The product of two factors, row-major and dense: of pull-backs, whole and
    /// factored, the only way.</summary>
    public static void Multiply(MatrixFactor<T> left, MatrixFactor<T> right, Span<T> result, bool accumulate = false)
    {
        if (left.Tensor.Length > 0 && right.Tensor.Length > 0)
            Multiply(left, right, result, accumulate, 0, left.Extents.Rows);
        else if (!accumulate)
            // Either nothing to write, or sums of nothing.
            result.Clear();
    }

    /// <summary>Rows of the product of two factors that have elements, at their places in the whole result.</summary>
    public static void Multiply(
        MatrixFactor<T> left, MatrixFactor<T> right, Span<T> result, bool accumulate, int row, int rows)
    {
        var (_, k, leftRow, leftColumn) = left.View();
        var (_, n, rightRow, rightColumn) = right.View();
        MatrixProduct.Multiply(
            rows, n, k, left.Tensor.Span[(row * leftRow)..], leftRow, leftColumn, right.Tensor.Span, rightRow,
            rightColumn, result[(row * n)..], n, accumulate);
    }

    /// <summary>theta - rate (left right), with the bits of doing one after the other.</summary>
    public static void Update(MatrixFactor<T> left, MatrixFactor<T> right, ReadOnlySpan<T> theta, T rate,
        Span<T> result)
    {
        if (left.Tensor.Length == 0 || right.Tensor.Length == 0)
        {
            theta.CopyTo(result);
            return;
        }
        var (m, k, leftRow, leftColumn) = left.View();
        var (_, n, rightRow, rightColumn) = right.View();
        MatrixProduct.MultiplyUpdate(
            m, n, k, left.Tensor.Span, leftRow, leftColumn, right.Tensor.Span, rightRow, rightColumn, theta, rate,
            result, n);
    }

    /// <summary>The product of two factors, left for the receiver to carry out.</summary>
    public static FactoredProduct<T> Defer(MatrixFactor<T> left, MatrixFactor<T> right, Shape shape) =>
        new(left.Tensor, left.Rows, left.Transposed, right.Tensor, right.Rows, right.Transposed, shape);

    private (int Rows, int Columns, int RowStride, int ColumnStride) View()
    {
        var columns = Tensor.Length / Math.Max(Rows, 1);
        return Transposed ? (columns, Rows, 1, columns) : (Rows, columns, columns, 1);
    }
}
