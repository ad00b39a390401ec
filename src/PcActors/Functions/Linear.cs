using System.Numerics;
using PcActors.Tensors;
using static PcActors.Functions.OperatorAttribute;

namespace PcActors.Functions;

/// <summary>What model files spell out in several nodes, and is one function here.</summary>
internal static class LinearOperators
{
    public static Operator[] All =>
    [
        new("Linear", typeof(Linear<>)) { Inputs = ["X", "W", "B?"], Attributes = [Flag("transW")] },
    ];
}

/// <summary>An affine map of the last axis: X W' + B, where W' is a matrix or its transpose and B, which may be absent,
/// has an element for each of its columns.</summary>
/// <remarks>
/// <para>Attribute: transW (0). X is [..., K], W' is [K, N], B is [N], mu is [..., N]. It is Gemm for any number of
/// axes before the last, with the bits of MatMul and then Add.</para>
/// <para>Pull-backs: E W'^T to X, X^T E to W', transposed where W is, which can both be left factored, and the sum of E
/// over all axes but the last to B.</para>
/// </remarks>
internal sealed class Linear<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _isTransposed = settings.Flag("transW");

    public override bool IsProduct => true;

    internal override bool PullsZeroBackToZero(int input) => input < 2;

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var (x, w) = (inputs[0], inputs[1]);
        if (x.Rank == 0 || w.Rank != 2) throw Misfit($"X is {x} and W is {w}; X must have an axis, and W two");
        var (k, n) = _isTransposed ? (w[1], w[0]) : (w[0], w[1]);
        if (x[-1] != k)
            throw Misfit($"X is {x} and W' is [{k}, {n}]; X's last axis must be as long as W' has rows");
        if (inputs.Length == 3 && !inputs[2].Equals(new Shape(n)))
            throw Misfit($"B is {inputs[2]}; it must be [{n}], an element for each column of W'");
        return x.With(x.Rank - 1, n);
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var mu = prediction.Writable;
        if (mu.IsEmpty) return;
        MatrixFactor<T>.Multiply(X(inputs), W(inputs), mu);
        if (inputs.Length < 3) return;
        var bias = inputs[2].Span;
        for (var start = 0; start < mu.Length; start += bias.Length)
        {
            var row = mu.Slice(start, bias.Length);
            Elements.Add(row, bias, row);
        }
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (input == 2)
        {
            BroadcastSum.To(error, result);
            return;
        }
        if (result.Length == 0 || error.Length == 0)
        {
            result.Writable.Clear();
            return;
        }
        var (left, right) = Factors(input, inputs, error);
        MatrixFactor<T>.Multiply(left, right, result.Writable);
    }

    public override FactoredProduct<T>? Factor(int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> error)
    {
        if (input > 1 || error.Length == 0 || inputs[0].Length == 0) return null;
        var (left, right) = Factors(input, inputs, error);
        return MatrixFactor<T>.Defer(left, right, inputs[input].Shape);
    }

    public override bool CanFactor(int input, ReadOnlySpan<Shape> inputs) =>
        input < 2 && inputs[0].Length > 0 && inputs[1].Length > 0;

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        ProductCost(inputs, prediction) + (inputs.Length == 3 ? prediction.Length : 0);

    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        input == 2 ? prediction.Length : ProductCost(inputs, prediction);

    private static long ProductCost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        2L * prediction.Length * inputs[0][-1];

    private static MatrixFactor<T> X(ReadOnlySpan<Tensor<T>> inputs) =>
        new(inputs[0], Rows(inputs[0].Shape), false);

    private static int Rows(Shape shape) => shape.LengthOf(0, shape.Rank - 1);

    private MatrixFactor<T> W(ReadOnlySpan<Tensor<T>> inputs) => new(inputs[1], inputs[1].Shape[0], _isTransposed);

    private (MatrixFactor<T> Left, MatrixFactor<T> Right) Factors(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> error)
    {
        var e = new MatrixFactor<T>(error, Rows(error.Shape), false);
        if (input == 0) return (e, W(inputs).Transpose);
        return _isTransposed ? (e.Transpose, X(inputs)) : (X(inputs).Transpose, e);
    }
}
