using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Functions;

/// <summary>ONNX MeanVarianceNormalization: (x - m) / (s + 1e-9), with the mean m and the standard
/// deviation s over axes.</summary>
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
        var (mean, deviation) = (new ArraySegment<double>(buffer, 0, groups),
            new ArraySegment<double>(buffer, groups, groups));
        Measure(x, mean, deviation);
        var loop = _axes.Loop(x.Shape, stackalloc int[StridedLoop.Scratch(x.Shape.Rank, 1)]);
        do
        {
            for (var i = 0; i < loop.Run; i++)
            {
                var (at, group) = (loop.Position + i, loop.Offset(0) + (i * loop.Stride(0)));
                prediction.Writable[at] = Precision.Narrow<T>(
                    (Precision.Widen(x.Span[at]) - mean[group]) / (deviation[group] + Epsilon));
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
        var (mean, deviation) = (new ArraySegment<double>(buffer, 0, groups),
            new ArraySegment<double>(buffer, groups, groups));
        var (sum, dot) = (new ArraySegment<double>(buffer, 2 * groups, groups),
            new ArraySegment<double>(buffer, 3 * groups, groups));
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
                result.Writable[at] = Precision.Narrow<T>(
                    (Precision.Widen(error.Span[at]) - (sum[group] / count) - spread) / d);
            }
        }
        while (loop.Next());
        ArrayPool<double>.Shared.Return(buffer);
    }

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => 6L * prediction.Length;

    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        14L * prediction.Length;

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
            for (var i = 0; i < loop.Run; i++)
                mean[loop.Offset(0) + (i * loop.Stride(0))] += Precision.Widen(x.Span[loop.Position + i]);
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
