using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX MatMul, as numpy's matmul: the matrix product over the last two axes,
/// broadcast over the others.</summary>
/// <remarks>
/// <para>A is [..., M, K], B is [..., K, N], mu is [..., M, N]. A of rank 1 is a row, B of
/// rank 1 a column, and mu lacks that axis. Pull-backs: E B^T to A and A^T E to B, summed in order over the axes along
/// which the input is broadcast.</para>
/// <para>When B has no batch of its own, A's leading axes join M: one product, whose
/// pull-backs can be left factored.</para>
/// </remarks>
internal sealed class MatMul<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override bool IsProduct => true;

    internal override bool PullsZeroBackToZero(int input) => true;

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var (a, b) = (inputs[0], inputs[1]);
        if (a.Rank == 0 || b.Rank == 0) throw Misfit($"A is {a} and B is {b}; neither may be a scalar");
        var x = MatrixStack.OfLeft(a);
        var y = MatrixStack.OfRight(b);
        if (x.Columns != y.Rows)
            throw Misfit($"A is {a} and B is {b}; A has {x.Columns} columns and B {y.Rows} rows, which must be equal");
        var batch = BroadcastShape(new Shape(x.Batch), new Shape(y.Batch)).Dimensions;
        return new Shape(
            [.. batch, .. a.Rank > 1 ? [x.Rows] : default(ReadOnlySpan<int>),
                .. b.Rank > 1 ? [y.Columns] : default(ReadOnlySpan<int>)]);
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var (a, b) = (inputs[0], inputs[1]);
        var x = MatrixStack.OfLeft(a.Shape);
        var y = MatrixStack.OfRight(b.Shape);
        if (IsOneProduct(y))
            MatrixFactor<T>.Multiply(new(a, x.AllRows, false), new(b, y.Rows, false), prediction.Writable);
        else
            MatrixStack.Multiply(x, a.Span, y, b.Span, MatrixStack.OfProduct(prediction.Shape, x, y),
                prediction.Writable);
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var x = MatrixStack.OfLeft(inputs[0].Shape);
        var y = MatrixStack.OfRight(inputs[1].Shape);
        if (IsOneProduct(y))
        {
            var (left, right) = Factors(input, x.AllRows, y.Rows, inputs, error);
            MatrixFactor<T>.Multiply(left, right, result.Writable);
            return;
        }
        var e = MatrixStack.OfProduct(error.Shape, x, y);
        if (input == 0) MatrixStack.Multiply(e, error.Span, y.Transpose, inputs[1].Span, x, result.Writable);
        else MatrixStack.Multiply(x.Transpose, inputs[0].Span, e, error.Span, y, result.Writable);
    }

    public override FactoredProduct<T>? Factor(int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> error)
    {
        var y = MatrixStack.OfRight(inputs[1].Shape);
        if (!IsOneProduct(y)) return null;
        var (left, right) = Factors(input, MatrixStack.OfLeft(inputs[0].Shape).AllRows, y.Rows, inputs, error);
        return MatrixFactor<T>.Defer(left, right, inputs[input].Shape);
    }

    public override bool CanFactor(int input, ReadOnlySpan<Shape> inputs) =>
        IsOneProduct(MatrixStack.OfRight(inputs[1]));

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => 2L * prediction.Length * inputs[0][-1];

    private static bool IsOneProduct(MatrixStack b) => b.Count == 1;

    private static (MatrixFactor<T> Left, MatrixFactor<T> Right) Factors(
        int input, int rowsOfA, int rowsOfB, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> error)
    {
        var e = new MatrixFactor<T>(error, rowsOfA, false);
        return input == 0 ? (e, new(inputs[1], rowsOfB, true)) : (new(inputs[0], rowsOfA, true), e);
    }
}
