using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>Moves square blocks of an image between its space and its channels. The pull-back moves the error back.</summary>
/// <remarks>Attribute: blocksize, the side of a block, which must be set. The input is [N, C, H, W].</remarks>
public abstract class BlockRearrangement<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected BlockRearrangement(Attributes attributes)
    {
        Attributes = attributes;
        var block = attributes.RequiredInteger("blocksize");
        Block = block is > 0 and <= short.MaxValue ? (int)block : throw new AttributeException($"blocksize is {block}; it must be positive");
    }

    /// <inheritdoc/>
    public sealed override Attributes Attributes { get; }

    /// <inheritdoc/>
    public sealed override int MinInputs => 1;

    /// <summary>A block's side.</summary>
    private protected int Block { get; }

    /// <inheritdoc/>
    public sealed override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        return inputs[0].Rank == 4
            ? Rearrange(inputs[0])
            : throw Misfit($"the input's shape is {inputs[0]}; it must be [batch, channels, height, width]");
    }

    /// <inheritdoc/>
    public sealed override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        Span<int> extents = stackalloc int[6];
        Span<int> strides = stackalloc int[6];
        Describe(inputs[0].Shape, extents, strides);
        StridedCopy.Gather(inputs[0].Span, 0, strides, extents, prediction.Writable);
    }

    /// <inheritdoc/>
    public sealed override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        Span<int> extents = stackalloc int[6];
        Span<int> strides = stackalloc int[6];
        Describe(result.Shape, extents, strides);
        StridedCopy.Scatter(error.Span, extents, result.Writable, 0, strides);
    }

    /// <inheritdoc/>
    public sealed override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => 0;

    /// <summary>The prediction's shape.</summary>
    private protected abstract Shape Rearrange(Shape input);

    /// <summary>The prediction as a dense array of six axes, and where each of them leads in the input.</summary>
    private protected abstract void Describe(Shape input, Span<int> extents, Span<int> strides);
}
