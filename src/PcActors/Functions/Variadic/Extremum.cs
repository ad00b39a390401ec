using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>One of the inputs' elements in each place, as Max and Min choose it.</summary>
/// <remarks>The pull-back is the error to the input that was chosen; where several tie, each gets an equal share.</remarks>
public abstract class Extremum<T> : VariadicFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Terms that are summed over a broadcast axis pass through a buffer of this size; it fixes the order of the sum.
    private const int Terms = 512;

    private protected Extremum()
    {
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public sealed override void PullBack(
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
            var x = Operand(loop, inputs[input]);
            var (step, stride) = (x.Length == 1 ? 0 : 1, loop.Stride(0));
            for (var start = 0; start < loop.Run; start += Terms)
            {
                var (at, count) = (loop.Position + start, Math.Min(Terms, loop.Run - start));
                for (var i = 0; i < count; i++)
                    terms[i] = x[(start + i) * step] == prediction.Span[at + i] ? error.Span[at + i] / ties[at + i] : T.Zero;
                BroadcastSum.AddRun<T>(terms[..count], result.Writable[(loop.Offset(0) + (start * stride))..], stride);
            }
        }
        while (loop.Next());
        ArrayPool<T>.Shared.Return(buffer);
    }

    /// <inheritdoc/>
    public sealed override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        (inputs.Length + 2L) * prediction.Length;

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
                var x = Operand(loop, input);
                var step = x.Length == 1 ? 0 : 1;
                var (at, end) = (loop.Position, loop.Position + loop.Run);
                for (var i = at; i < end; i++) ties[i] += x[(i - at) * step] == prediction.Span[i] ? T.One : T.Zero;
            }
            while (loop.Next());
        }
    }
}
