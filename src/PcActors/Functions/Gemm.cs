using System.Numerics;
using PcActors.Tensors;
using static PcActors.Functions.OperatorAttribute;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>Matrix products.</summary>
internal static class ProductOperators
{
    public static Operator[] All =>
    [
        new("Gemm", typeof(Gemm<>))
        {
            Inputs = ["A", "B", "C?"],
            Attributes = [Float("alpha", 1), Float("beta", 1), Flag("transA"), Flag("transB")],
            Remark = "factored error for A' B'",
        },
        new("MatMul", typeof(MatMul<>)) { Inputs = ["A", "B"], Remark = "factored error where B is one matrix" },
    ];
}

/// <summary>ONNX Gemm: alpha A' B' + beta C, where A' and B' are matrices or their transposes
/// and C, which may be absent, is broadcast to the product's shape.</summary>
/// <remarks>
/// <para>Attributes: alpha (1), beta (1), transA (0), transB (0). A' is [M, K], B' is [K, N], mu is [M, N].</para>
/// <para>Pull-backs: alpha E B'^T to A', alpha A'^T E to B', transposed where the input is, and beta times the sum of E
/// over the broadcast axes to C. With alpha = 1 the first two can be left factored.</para>
/// </remarks>
internal sealed class Gemm<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _alpha = T.CreateChecked(settings.Float("alpha"));
    private readonly T _beta = T.CreateChecked(settings.Float("beta"));
    private readonly bool _transA = settings.Flag("transA");
    private readonly bool _transB = settings.Flag("transB");

    public override bool IsProduct => true;

    internal override bool PullsZeroBackToZero(int input) => input < 2 && _alpha == T.One;

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var (a, b) = (inputs[0], inputs[1]);
        if (a.Rank != 2 || b.Rank != 2) throw Misfit($"A is {a} and B is {b}; both must be matrices");
        var (m, k) = Extents(a, _transA);
        var (rows, n) = Extents(b, _transB);
        if (k != rows)
        {
            throw Misfit(
                $"A' is [{m}, {k}] and B' is [{rows}, {n}] (transA {(_transA ? 1 : 0)}, transB {(_transB ? 1 : 0)}); " +
                $"A' must have as many columns as B' has rows");
        }
        var product = new Shape(m, n);
        if (inputs.Length == 3) RequireBroadcastable(inputs[2], product);
        return product;
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var mu = prediction.Writable;
        MatrixFactor<T>.Multiply(A(inputs), B(inputs), mu);
        if (_alpha != T.One) TensorPrimitives.Multiply(mu, _alpha, mu);
        if (inputs.Length == 3 && mu.Length > 0) AddC(inputs[2], prediction.Shape, mu);
    }

    public override bool PassesError(int input, ReadOnlySpan<Shape> inputs) =>
        input == 2 && _beta == T.One
            && inputs[2].Equals(new Shape(Extents(inputs[0], _transA).Rows, Extents(inputs[1], _transB).Columns));

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (input == 2) BroadcastSum.To(error, result);
        else
        {
            var (left, right) = Factors(input, inputs, error);
            MatrixFactor<T>.Multiply(left, right, result.Writable);
        }
        var factor = input == 2 ? _beta : _alpha;
        if (factor != T.One) TensorPrimitives.Multiply(result.Span, factor, result.Writable);
    }

    public override FactoredProduct<T>? Factor(int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> error)
    {
        if (!CanFactor(input)) return null;
        var (left, right) = Factors(input, inputs, error);
        return MatrixFactor<T>.Defer(left, right, inputs[input].Shape);
    }

    public override bool CanFactor(int input, ReadOnlySpan<Shape> inputs) => CanFactor(input);

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        ProductCost(inputs, prediction) + (inputs.Length == 3 ? prediction.Length : 0);

    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        input == 2 ? prediction.Length : ProductCost(inputs, prediction);

    private static (int Rows, int Columns) Extents(Shape matrix, bool transposed) =>
        transposed ? (matrix[1], matrix[0]) : (matrix[0], matrix[1]);

    private long ProductCost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        2L * prediction.Length * Extents(inputs[0], _transA).Columns;

    private bool CanFactor(int input) => input < 2 && _alpha == T.One;

    private MatrixFactor<T> A(ReadOnlySpan<Tensor<T>> inputs) => new(inputs[0], inputs[0].Shape[0], _transA);

    private MatrixFactor<T> B(ReadOnlySpan<Tensor<T>> inputs) => new(inputs[1], inputs[1].Shape[0], _transB);

    /// <summary>The two factors whose product is the pull-back, but for alpha.</summary>
    private (MatrixFactor<T> Left, MatrixFactor<T> Right) Factors(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> error)
    {
        var e = new MatrixFactor<T>(error, error.Shape[0], false);
        if (input == 0) return _transA ? (B(inputs), e.Transpose) : (e, B(inputs).Transpose);
        return _transB ? (e.Transpose, A(inputs)) : (A(inputs).Transpose, e);
    }

    private void RequireBroadcastable(Shape c, Shape product)
    {
        var fits = c.Rank <= 2;
        for (var axis = 1; fits && axis <= c.Rank; axis++) fits = c[-axis] == 1 || c[-axis] == product[-axis];
        if (!fits) throw Misfit($"C is {c}, which cannot be broadcast to the product's shape {product}");
    }

    private void AddC(Tensor<T> c, Shape product, Span<T> mu)
    {
        Span<int> scratch = stackalloc int[StridedLoop.Scratch(2, 1)];
        var loop = StridedLoop.Broadcast(product, scratch, c.Shape);
        do
        {
            var length = loop.Stride(0) == 0 ? 1 : loop.Run;
            AddScaled(c.Span.Slice(loop.Offset(0), length), mu.Slice(loop.Position, loop.Run));
        }
        while (loop.Next());
    }

    /// <summary>mu + beta c, rounded once, where c may be one element for the whole run.</summary>
    private void AddScaled(ReadOnlySpan<T> c, Span<T> mu)
    {
        if (_beta == T.One) Elements.Add(mu, c, mu);
        else if (c.Length == mu.Length) TensorPrimitives.FusedMultiplyAdd(c, _beta, mu, mu);
        else
        {
            for (var i = 0; i < mu.Length; i++) mu[i] = T.FusedMultiplyAdd(c[0], _beta, mu[i]);
        }
    }
}
