using System.Buffers;
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
                var direction = Precision.Widen(_isEuclidean ? mu[at] : T.CreateChecked(x[at] == T.Zero ? 0 : T.Sign(x[at])));
                var value = double.FusedMultiplyAdd(-direction, dot, Precision.Widen(eps[at]));
                pulled[at] = norm == 0 ? T.Zero : Precision.Narrow<T>(value / norm);
            }
        }
    }

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => 3L * prediction.Length;

    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) => 7L * prediction.Length;

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

/// <summary>ONNX MeanVarianceNormalization: (x - m) / (s + 1e-9), with the mean m and the standard deviation s over axes.</summary>
/// <remarks>Attribute: axes (0, 2, 3: all but the channels). With d = s + 1e-9, the pull-back is
/// (error - mean(error)) / d - (x - m) mean(error (x - m)) / (s d^2), the last term 0 where s is 0.</remarks>
internal sealed class MeanVarianceNormalization<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double Epsilon = 1e-9;

    private readonly ReducedAxes _axes = new(settings.Extents("axes") ?? [0, 2, 3], false);

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        foreach (var axis in _axes.Listed) AxisOf(inputs[0], axis);
        return inputs[0];
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var x = inputs[0];
        if (x.Length == 0) return;
        var groups = _axes.LengthLeft(x.Shape);
        var buffer = ArrayPool<double>.Shared.Rent(2 * groups);
        var (mean, deviation) = (new ArraySegment<double>(buffer, 0, groups), new ArraySegment<double>(buffer, groups, groups));
        Measure(x, mean, deviation);
        var loop = _axes.Loop(x.Shape, stackalloc int[StridedLoop.Scratch(x.Shape.Rank, 1)]);
        do
        {
            for (var i = 0; i < loop.Run; i++)
            {
                var (at, group) = (loop.Position + i, loop.Offset(0) + (i * loop.Stride(0)));
                prediction.Writable[at] = Precision.Narrow<T>((Precision.Widen(x.Span[at]) - mean[group]) / (deviation[group] + Epsilon));
            }
        }
        while (loop.Next());
        ArrayPool<double>.Shared.Return(buffer);
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var x = inputs[0];
        if (x.Length == 0) return;
        var groups = _axes.LengthLeft(x.Shape);
        var buffer = ArrayPool<double>.Shared.Rent(4 * groups);
        var (mean, deviation) = (new ArraySegment<double>(buffer, 0, groups), new ArraySegment<double>(buffer, groups, groups));
        var (sum, dot) = (new ArraySegment<double>(buffer, 2 * groups, groups), new ArraySegment<double>(buffer, 3 * groups, groups));
        Measure(x, mean, deviation);
        sum.AsSpan().Clear();
        dot.AsSpan().Clear();
        Span<int> scratch = stackalloc int[StridedLoop.Scratch(x.Shape.Rank, 1)];
        var loop = _axes.Loop(x.Shape, scratch);
        do
        {
            for (var i = 0; i < loop.Run; i++)
            {
                var (at, group) = (loop.Position + i, loop.Offset(0) + (i * loop.Stride(0)));
                var eps = Precision.Widen(error.Span[at]);
                sum[group] += eps;
                dot[group] = double.FusedMultiplyAdd(eps, Precision.Widen(x.Span[at]) - mean[group], dot[group]);
            }
        }
        while (loop.Next());
        var count = (double)(x.Length / groups);
        loop = _axes.Loop(x.Shape, scratch);
        do
        {
            for (var i = 0; i < loop.Run; i++)
            {
                var (at, group) = (loop.Position + i, loop.Offset(0) + (i * loop.Stride(0)));
                var (s, d) = (deviation[group], deviation[group] + Epsilon);
                var spread = s == 0 ? 0 : (Precision.Widen(x.Span[at]) - mean[group]) * (dot[group] / count) / (s * d);
                result.Writable[at] = Precision.Narrow<T>((Precision.Widen(error.Span[at]) - (sum[group] / count) - spread) / d);
            }
        }
        while (loop.Next());
        ArrayPool<double>.Shared.Return(buffer);
    }

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => 6L * prediction.Length;

    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) => 14L * prediction.Length;

    /// <summary>The mean and the standard deviation of each group, in two passes.</summary>
    private void Measure(Tensor<T> x, Span<double> mean, Span<double> deviation)
    {
        var count = (double)(x.Length / mean.Length);
        Span<int> scratch = stackalloc int[StridedLoop.Scratch(x.Shape.Rank, 1)];
        mean.Clear();
        deviation.Clear();
        var loop = _axes.Loop(x.Shape, scratch);
        do
        {
            for (var i = 0; i < loop.Run; i++) mean[loop.Offset(0) + (i * loop.Stride(0))] += Precision.Widen(x.Span[loop.Position + i]);
        }
        while (loop.Next());
        foreach (ref var value in mean) value /= count;
        loop = _axes.Loop(x.Shape, scratch);
        do
        {
            for (var i = 0; i < loop.Run; i++)
            {
                var group = loop.Offset(0) + (i * loop.Stride(0));
                var difference = Precision.Widen(x.Span[loop.Position + i]) - mean[group];
                deviation[group] = double.FusedMultiplyAdd(difference, difference, deviation[group]);
            }
        }
        while (loop.Next());
        foreach (ref var value in deviation) value = double.Sqrt(value / count);
    }
}
