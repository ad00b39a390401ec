using System.Buffers;
using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>The largest and the smallest element over axes.</summary>
internal static class ExtremumReductionOperators
{
    public static Operator[] All =>
    [
        LinearReductionOperators.Over("ReduceMax", 18, typeof(ExtremumReduction<,>), typeof(LargestFold)),
        LinearReductionOperators.Over("ReduceMin", 18, typeof(ExtremumReduction<,>), typeof(SmallestFold)),
    ];
}

/// <summary>ONNX ReduceMax and ReduceMin: one of the elements over axes; NaN where one is NaN, an
/// infinity over none.</summary>
/// <remarks>The pull-back is the error to the element that was chosen; where several tie, each
/// gets an equal share.</remarks>
internal sealed class ExtremumReduction<T, TFold>(OperatorSettings settings) : Reduction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TFold : struct, IFold
{
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var x = inputs[0];
        var mu = prediction.Writable;
        mu.Fill(TFold.Neutral<T>());
        if (x.Length == 0) return;
        var loop = Loop(x.Shape, stackalloc int[StridedLoop.Scratch(x.Shape.Rank, 1)]);
        do
        {
            var run = x.Span.Slice(loop.Position, loop.Run);
            if (loop.Stride(0) != 0)
                TFold.Join(mu.Slice(loop.Offset(0), loop.Run), run, mu.Slice(loop.Offset(0), loop.Run));
            else mu[loop.Offset(0)] = TFold.Join(mu[loop.Offset(0)], TFold.Of(run));
        }
        while (loop.Next());
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (result.Length == 0) return;
        var x = inputs[0].Span;
        var ties = ArrayPool<T>.Shared.Rent(error.Length);
        ties.AsSpan(0, error.Length).Clear();
        Span<int> scratch = stackalloc int[StridedLoop.Scratch(result.Shape.Rank, 1)];
        var loop = Loop(result.Shape, scratch);
        do
        {
            for (var i = 0; i < loop.Run; i++)
            {
                var at = loop.Offset(0) + (i * loop.Stride(0));
                if (x[loop.Position + i] == prediction.Span[at]) ties[at] += T.One;
            }
        }
        while (loop.Next());
        loop = Loop(result.Shape, scratch);
        do
        {
            for (var i = 0; i < loop.Run; i++)
            {
                var (at, own) = (loop.Offset(0) + (i * loop.Stride(0)), loop.Position + i);
                result.Writable[own] = x[own] == prediction.Span[at] ? error.Span[at] / ties[at] : T.Zero;
            }
        }
        while (loop.Next());
        ArrayPool<T>.Shared.Return(ties);
    }

    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) => 3L * inputs[0].Length;
}
