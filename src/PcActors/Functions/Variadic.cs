using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>Functions of any number of inputs, element by element.</summary>
internal static class VariadicOperators
{
    public static Operator[] All =>
    [
        new("Max", typeof(Extremum<,>), typeof(LargestFold))
        {
            Inputs = ["data_0..."], Remark = "equal shares to values that tie",
        },
        new("Mean", typeof(Mean<>)) { Inputs = ["data_0..."] },
        new("Min", typeof(Extremum<,>), typeof(SmallestFold))
        {
            Inputs = ["data_0..."], Remark = "equal shares to values that tie",
        },
        new("Sum", typeof(Sum<>)) { Inputs = ["data_0..."] },
    ];
}

/// <summary>A function of one or more inputs, element by element, all broadcast together.</summary>
internal abstract class VariadicFunction<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public sealed override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var shape = inputs[0];
        foreach (var other in inputs[1..]) shape = BroadcastShape(shape, other);
        return shape;
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        if (prediction.Length == 0) return;
        Span<int> scratch = stackalloc int[StridedLoop.Scratch(prediction.Shape.Rank, 1)];
        for (var input = 0; input < inputs.Length; input++)
        {
            var loop = StridedLoop.Broadcast(prediction.Shape, scratch, inputs[input].Shape);
            do
            {
                var mu = prediction.Writable.Slice(loop.Position, loop.Run);
                var x = loop.Operand(0, inputs[input].Span);
                if (input > 0) Join(mu, x);
                else if (x.Length == mu.Length) x.CopyTo(mu);
                else mu.Fill(x[0]);
            }
            while (loop.Next());
        }
    }

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => (long)inputs.Length * prediction.Length;

    /// <summary>Takes one more input into a run of the prediction.</summary>
    /// <param name="mu">What the inputs before have made.</param>
    /// <param name="x">The input: as many elements, or one for all.</param>
    protected abstract void Join(Span<T> mu, ReadOnlySpan<T> x);
}

/// <summary>ONNX Sum: the sum of the inputs, broadcast, first to last. The pull-back is the error.</summary>
internal sealed class Sum<T>(OperatorSettings settings) : VariadicFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override bool PassesError(int input, ReadOnlySpan<Shape> inputs) =>
        inputs[input].Length == InferShape(inputs).Length;

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        BroadcastSum.To(error, result);

    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        inputs[input].Length == prediction.Length ? 0 : prediction.Length;

    protected override void Join(Span<T> mu, ReadOnlySpan<T> x) => Elements.Add(mu, x, mu);
}

/// <summary>ONNX Mean: the sum of the inputs, broadcast, over their number. The pull-back is the
/// error over that number.</summary>
internal sealed class Mean<T>(OperatorSettings settings) : VariadicFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        base.Predict(inputs, prediction);
        TensorPrimitives.Divide(prediction.Span, T.CreateChecked(inputs.Length), prediction.Writable);
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        BroadcastSum.To(error, result);
        TensorPrimitives.Divide(result.Span, T.CreateChecked(inputs.Length), result.Writable);
    }

    protected override void Join(Span<T> mu, ReadOnlySpan<T> x) => Elements.Add(mu, x, mu);
}

/// <summary>ONNX Max and Min: one of the inputs' elements in each place, broadcast; NaN where one is NaN.</summary>
/// <remarks>The pull-back is the error to the input that was chosen; where several tie, each
/// gets an equal share.</remarks>
internal sealed class Extremum<T, TFold>(OperatorSettings settings) : VariadicFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TFold : struct, IFold
{
    // Terms that are summed over a broadcast axis pass through a buffer of this size; it fixes the order of the sum.
    private const int Terms = 512;

    [SkipLocalsInit]
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        result.Writable.Clear();
        if (error.Length == 0) return;
        var buffer = ArrayPool<T>.Shared.Rent(error.Length);
        var ties = buffer.AsSpan(0, error.Length);
        Count(inputs, prediction, ties);
        Span<T> terms = stackalloc T[Terms];
        Span<int> scratch = stackalloc int[StridedLoop.Scratch(error.Shape.Rank, 1)];
        var loop = StridedLoop.Broadcast(error.Shape, scratch, result.Shape);
        do
        {
            var x = loop.Operand(0, inputs[input].Span);
            var (step, stride) = (x.Length == 1 ? 0 : 1, loop.Stride(0));
            for (var start = 0; start < loop.Run; start += Terms)
            {
                var (at, count) = (loop.Position + start, Math.Min(Terms, loop.Run - start));
                for (var i = 0; i < count; i++)
                    terms[i] = x[(start + i) * step] == prediction.Span[at + i]
                        ? error.Span[at + i] / ties[at + i]
                        : T.Zero;
                BroadcastSum.AddRun<T>(terms[..count], result.Writable[(loop.Offset(0) + (start * stride))..], stride);
            }
        }
        while (loop.Next());
        ArrayPool<T>.Shared.Return(buffer);
    }

    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        (inputs.Length + 2L) * prediction.Length;

    protected override void Join(Span<T> mu, ReadOnlySpan<T> x)
    {
        if (x.Length == mu.Length) TFold.Join(mu, x, mu);
        else TFold.Join(mu, x[0], mu);
    }

    /// <summary>How many inputs have the prediction's value in each place.</summary>
    private static void Count(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Span<T> ties)
    {
        ties.Clear();
        Span<int> scratch = stackalloc int[StridedLoop.Scratch(prediction.Shape.Rank, 1)];
        foreach (var input in inputs)
        {
            var loop = StridedLoop.Broadcast(prediction.Shape, scratch, input.Shape);
            do
            {
                var x = loop.Operand(0, input.Span);
                var step = x.Length == 1 ? 0 : 1;
                var (at, end) = (loop.Position, loop.Position + loop.Run);
                for (var i = at; i < end; i++) ties[i] += x[(i - at) * step] == prediction.Span[i] ? T.One : T.Zero;
            }
            while (loop.Next());
        }
    }
}
