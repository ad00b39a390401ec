using System.Buffers;
using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>One of the elements over axes, as ReduceMax and ReduceMin choose it.</summary>
/// <remarks>The pull-back is the error to the element that was chosen; where several tie, each gets an equal share.</remarks>
public abstract class ExtremumReduction<T> : Reduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected ExtremumReduction(Attributes attributes)
        : base(attributes)
    {
    }

    /// <summary>What it is over no elements.</summary>
    private protected abstract T OfNothing { get; }

    /// <inheritdoc/>
    public sealed override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var x = inputs[0];
        var mu = prediction.Writable;
        mu.Fill(OfNothing);
        if (x.Length == 0) return;
        var loop = Loop(x.Shape, stackalloc int[StridedLoop.Scratch(x.Shape.Rank, 1)]);
        do
        {
            Join(mu.Slice(loop.Offset(0), loop.Stride(0) == 0 ? 1 : loop.Run), x.Span.Slice(loop.Position, loop.Run));
        }
        while (loop.Next());
    }

    /// <inheritdoc/>
    public sealed override void PullBack(
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

    /// <inheritdoc/>
    public sealed override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) => 3L * inputs[0].Length;

    /// <summary>Takes a run of elements into what those before have made: element by element, or all into the only one.</summary>
    private protected abstract void Join(Span<T> mu, ReadOnlySpan<T> x);
}
