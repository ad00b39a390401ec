using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX Where: x where a condition is true, y elsewhere; all three are broadcast together.</summary>
/// <remarks>The condition, input 0, has no pull-back; x's is the error where it is true, y's the error elsewhere.</remarks>
public sealed class Where<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Terms that are summed over a broadcast axis pass through a buffer of this size; it fixes the order of the sum.
    private const int Terms = 512;

    /// <inheritdoc/>
    public override string OperatorType => "Where";

    /// <inheritdoc/>
    public override int MinInputs => 3;

    /// <inheritdoc/>
    public override bool IsDifferentiable(int input) => input > 0;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        return BroadcastShape(BroadcastShape(inputs[0], inputs[1]), inputs[2]);
    }

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        if (prediction.Length == 0) return;
        var condition = inputs[0].Span;
        var x = inputs[1].Span;
        var y = inputs[2].Span;
        Span<int> scratch = stackalloc int[StridedLoop.Scratch(prediction.Shape.Rank, 3)];
        var loop = StridedLoop.Broadcast(prediction.Shape, scratch, inputs[0].Shape, inputs[1].Shape, inputs[2].Shape);
        do
        {
            var mu = prediction.Writable.Slice(loop.Position, loop.Run);
            var (atCondition, atX, atY) = (loop.Offset(0), loop.Offset(1), loop.Offset(2));
            var (stepCondition, stepX, stepY) = (loop.Stride(0), loop.Stride(1), loop.Stride(2));
            for (var i = 0; i < mu.Length; i++)
                mu[i] = condition[atCondition + (i * stepCondition)] != T.Zero ? x[atX + (i * stepX)] : y[atY + (i * stepY)];
        }
        while (loop.Next());
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var pulled = result.Writable;
        pulled.Clear();
        if (input == 0 || error.Length == 0) return;
        var condition = inputs[0].Span;
        Span<T> terms = stackalloc T[Terms];
        Span<int> scratch = stackalloc int[StridedLoop.Scratch(error.Shape.Rank, 2)];
        var loop = StridedLoop.Broadcast(error.Shape, scratch, inputs[0].Shape, result.Shape);
        do
        {
            var (step, stride) = (loop.Stride(0), loop.Stride(1));
            for (var start = 0; start < loop.Run; start += Terms)
            {
                var count = Math.Min(Terms, loop.Run - start);
                var eps = error.Span.Slice(loop.Position + start, count);
                for (var i = 0; i < count; i++)
                {
                    var isTrue = condition[loop.Offset(0) + ((start + i) * step)] != T.Zero;
                    terms[i] = isTrue == (input == 1) ? eps[i] : T.Zero;
                }
                BroadcastSum.AddRun<T>(terms[..count], pulled[(loop.Offset(1) + (start * stride))..], stride);
            }
        }
        while (loop.Next());
    }

    /// <inheritdoc/>
    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => prediction.Length;
}
