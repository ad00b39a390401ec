using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Scalars;
using static PcActors.Functions.OperatorAttribute;

namespace PcActors.Functions;

/// <summary>Normalization by norms and moments, without parameters.</summary>
internal static class NormalizationOperators
{
    public static Operator[] All =>
    [
        new("LpNormalization", typeof(LpNormalization<>)) { Attributes = [Axis("axis", -1), Integer("p", 2, 1, 2)] },
        new("MeanVarianceNormalization", typeof(MeanVarianceNormalization<>))
        {
            Attributes = [Axes("axes")], Since = 9,
        },
    ];
}

/// <summary>ONNX LpNormalization: each slice along an axis over its norm; 0 where the norm is 0.</summary>
/// <remarks>Attributes: axis (-1); p (2): 1 for the sum of |x|, 2 for the root of the sum of x^2. The pull-back is
/// (error - d sum(mu error)) / norm, where d is mu for p = 2 and x's sign for p = 1; 0 where the norm is 0.</remarks>
internal sealed class LpNormalization<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _axis = settings.Axis("axis");
    private readonly bool _isEuclidean = settings.Integer("p") == 2;

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        AxisOf(inputs[0], _axis);
        return inputs[0];
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var x = inputs[0].Span;
        var mu = prediction.Writable;
        if (mu.IsEmpty) return;
        var (extent, inner) = Split(prediction.Shape);
        for (var slice = 0; slice < mu.Length / extent; slice++)
        {
            var start = Start(slice, extent, inner);
            var norm = Norm(x, start, extent, inner);
            for (var at = start; at < start + (extent * inner); at += inner)
                mu[at] = norm == 0 ? T.Zero : Precision.Narrow<T>(Precision.Widen(x[at]) / norm);
        }
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var x = inputs[0].Span;
        var mu = prediction.Span;
        var eps = error.Span;
        var pulled = result.Writable;
        if (pulled.IsEmpty) return;
        var (extent, inner) = Split(result.Shape);
        for (var slice = 0; slice < mu.Length / extent; slice++)
        {
            var start = Start(slice, extent, inner);
            var norm = Norm(x, start, extent, inner);
            var dot = 0.0;
            for (var at = start; at < start + (extent * inner); at += inner)
                dot = double.FusedMultiplyAdd(Precision.Widen(mu[at]), Precision.Widen(eps[at]), dot);
            for (var at = start; at < start + (extent * inner); at += inner)
            {
                var direction = Precision.Widen(
                    _isEuclidean ? mu[at] : T.CreateChecked(x[at] == T.Zero ? 0 : T.Sign(x[at])));
                var value = double.FusedMultiplyAdd(-direction, dot, Precision.Widen(eps[at]));
                pulled[at] = norm == 0 ? T.Zero : Precision.Narrow<T>(value / norm);
            }
        }
    }

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => 3L * prediction.Length;

    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        7L * prediction.Length;

    private static int Start(int slice, int extent, int inner) => (slice / inner * extent * inner) + (slice % inner);

    private (int Extent, int Inner) Split(Shape shape)
    {
        var axis = shape.Axis(_axis);
        return (shape[axis], shape.LengthOf(axis + 1, shape.Rank));
    }

    private double Norm(ReadOnlySpan<T> x, int start, int extent, int inner)
    {
        var sum = 0.0;
        for (var at = start; at < start + (extent * inner); at += inner)
        {
            var value = Precision.Widen(x[at]);
            sum = _isEuclidean ? double.FusedMultiplyAdd(value, value, sum) : sum + double.Abs(value);
        }
        return _isEuclidean ? double.Sqrt(sum) : sum;
    }
}
