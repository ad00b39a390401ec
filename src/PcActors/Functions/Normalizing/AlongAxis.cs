using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>A function of the slices of one input along an axis, such as Softmax: mu and x have the same shape.</summary>
/// <remarks>Attribute: axis (-1, as from opset 13), negative to count from the last. An operator is given a slice at a time
/// where the axis is the last, and elsewhere a block of neighbouring slices, which it works through row by row.</remarks>
public abstract class AlongAxis<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The widest block of slices: what an operator keeps for each slice fits on the stack.</summary>
    private protected const int BlockWidth = 128;

    private readonly int _axis;

    /// <summary>A function along the attribute's axis.</summary>
    private protected AlongAxis(Attributes attributes)
    {
        Attributes = attributes;
        _axis = attributes.Axis("axis", -1);
    }

    /// <inheritdoc/>
    public sealed override Attributes Attributes { get; }

    /// <inheritdoc/>
    public sealed override int MinInputs => 1;

    /// <inheritdoc/>
    public sealed override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        AxisOf(inputs[0], _axis);
        return inputs[0];
    }

    /// <inheritdoc/>
    public sealed override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var x = inputs[0].Span;
        var mu = prediction.Writable;
        if (mu.IsEmpty) return;
        var (extent, inner, isLast) = Split(prediction.Shape);
        for (var start = 0; start < mu.Length; start += extent * inner)
        {
            if (isLast)
            {
                Predict(x.Slice(start, extent), mu.Slice(start, extent));
                continue;
            }
            for (var column = 0; column < inner; column += BlockWidth)
            {
                var block = new SliceBlock(extent, inner, Math.Min(BlockWidth, inner - column));
                Predict(block, x[(start + column)..], mu[(start + column)..]);
            }
        }
    }

    /// <inheritdoc/>
    public sealed override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var mu = prediction.Span;
        var eps = error.Span;
        var pulled = result.Writable;
        if (mu.IsEmpty) return;
        var (extent, inner, isLast) = Split(prediction.Shape);
        for (var start = 0; start < mu.Length; start += extent * inner)
        {
            if (isLast)
            {
                PullBack(mu.Slice(start, extent), eps.Slice(start, extent), pulled.Slice(start, extent));
                continue;
            }
            for (var column = 0; column < inner; column += BlockWidth)
            {
                var block = new SliceBlock(extent, inner, Math.Min(BlockWidth, inner - column));
                var at = start + column;
                PullBack(block, mu[at..], eps[at..], pulled[at..]);
            }
        }
    }

    /// <inheritdoc/>
    public sealed override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        (Flops.Transcendental + 4L) * prediction.Length;

    /// <summary>mu of one slice.</summary>
    private protected abstract void Predict(ReadOnlySpan<T> x, Span<T> mu);

    /// <summary>mu of a block of slices.</summary>
    private protected abstract void Predict(SliceBlock block, ReadOnlySpan<T> x, Span<T> mu);

    /// <summary>The pull-back of one slice, from its prediction.</summary>
    private protected abstract void PullBack(ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result);

    /// <summary>The pull-back of a block of slices, from their prediction.</summary>
    private protected abstract void PullBack(SliceBlock block, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result);

    /// <summary>The extent of the axis, the elements from one of its indices to the next, and whether it is the last axis.</summary>
    private (int Extent, int Inner, bool IsLast) Split(Shape shape)
    {
        var axis = shape.Axis(_axis);
        return (shape[axis], shape.LengthOf(axis + 1, shape.Rank), axis == shape.Rank - 1);
    }
}
