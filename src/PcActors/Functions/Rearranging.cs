using System.Numerics;
using PcActors.Tensors;
using static PcActors.Functions.OperatorAttribute;

namespace PcActors.Functions;

/// <summary>The input's elements in another order.</summary>
internal static class RearrangingOperators
{
    private static OperatorAttribute BlockSize => Integer("blocksize", null, 1, short.MaxValue).Required;

    public static Operator[] All =>
    [
        new("DepthToSpace", typeof(DepthToSpace<>)) { Attributes = [BlockSize, Text("mode", "DCR", "CRD")] },
        new("SpaceToDepth", typeof(SpaceToDepth<>)) { Attributes = [BlockSize] },
        new("Transpose", typeof(Transpose<>)) { Attributes = [Axes("perm")] },
    ];
}

/// <summary>ONNX Transpose: the axes in another order, mu's axis i being x's axis perm[i].</summary>
/// <remarks>Attribute: perm (the axes reversed). The pull-back is the error with its axes put back.</remarks>
internal sealed class Transpose<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[]? _permutation;

    public Transpose(OperatorSettings settings)
        : base(settings)
    {
        _permutation = settings.Extents("perm");
        if (_permutation is not null && !_permutation.Order().SequenceEqual(Enumerable.Range(0, _permutation.Length)))
            throw new AttributeException(
                $"perm is [{string.Join(", ", _permutation)}], which is no permutation of the axes from 0");
    }

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var shape = inputs[0];
        if (_permutation is not null && _permutation.Length != shape.Rank)
            throw Misfit(
                $"perm has {_permutation.Length} axes and the input's shape {shape} has {shape.Rank}; there must be "
                + "as many");
        var extents = new int[shape.Rank];
        for (var axis = 0; axis < extents.Length; axis++) extents[axis] = shape[Source(axis, shape.Rank)];
        return new Shape(extents);
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var rank = prediction.Shape.Rank;
        Span<int> strides = stackalloc int[rank];
        Span<int> own = stackalloc int[rank];
        StridedCopy.RowMajor(inputs[0].Shape, own);
        for (var axis = 0; axis < rank; axis++) strides[axis] = own[Source(axis, rank)];
        StridedCopy.Gather(inputs[0].Span, 0, strides, prediction.Shape, prediction.Writable);
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var rank = result.Shape.Rank;
        Span<int> strides = stackalloc int[rank];
        Span<int> own = stackalloc int[rank];
        StridedCopy.RowMajor(error.Shape, own);
        for (var axis = 0; axis < rank; axis++) strides[Source(axis, rank)] = own[axis];
        StridedCopy.Gather(error.Span, 0, strides, result.Shape, result.Writable);
    }

    /// <summary>The input's axis that an axis of the prediction is.</summary>
    private int Source(int axis, int rank) => _permutation is null ? rank - 1 - axis : _permutation[axis];
}

/// <summary>Moves square blocks of an image between its space and its channels. The pull-back
/// moves the error back.</summary>
/// <remarks>Attribute: blocksize, the side of a block, which must be set. The input is [N, C, H, W].</remarks>
internal abstract class BlockRearrangement<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A block's side.</summary>
    protected int Block { get; } = (int)settings.Integer("blocksize");

    public sealed override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        return inputs[0].Rank == 4
            ? Rearrange(inputs[0])
            : throw Misfit($"the input's shape is {inputs[0]}; it must be [batch, channels, height, width]");
    }

    public sealed override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        Span<int> extents = stackalloc int[6];
        Span<int> strides = stackalloc int[6];
        Describe(inputs[0].Shape, extents, strides);
        StridedCopy.Gather(inputs[0].Span, 0, strides, extents, prediction.Writable);
    }

    public sealed override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        Span<int> extents = stackalloc int[6];
        Span<int> strides = stackalloc int[6];
        Describe(result.Shape, extents, strides);
        StridedCopy.Scatter(error.Span, extents, result.Writable, 0, strides);
    }

    /// <summary>The prediction's shape.</summary>
    protected abstract Shape Rearrange(Shape input);

    /// <summary>The prediction as a dense array of six axes, and where each of them leads in the input.</summary>
    protected abstract void Describe(Shape input, Span<int> extents, Span<int> strides);
}

/// <summary>ONNX DepthToSpace: channels become square blocks of the image: [N, C b^2, H, W]
/// to [N, C, H b, W b].</summary>
/// <remarks>Attributes: blocksize, b; mode ("DCR": the place in the block is the channel's slower part;
/// "CRD": the faster).</remarks>
internal sealed class DepthToSpace<T>(OperatorSettings settings) : BlockRearrangement<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _isColumnFirst = settings.Text("mode") == "CRD";

    protected override Shape Rearrange(Shape input) => input[1] % (Block * Block) == 0
        ? new Shape(input[0], input[1] / (Block * Block), input[2] * Block, input[3] * Block)
        : throw Misfit($"the input's shape {input} has {input[1]} channels, which {Block} x {Block} does not divide");

    protected override void Describe(Shape input, Span<int> extents, Span<int> strides)
    {
        var (height, width) = (input[2], input[3]);
        var (plane, channels) = (height * width, input[1] / (Block * Block));
        var (channel, place) = _isColumnFirst ? (Block * Block * plane, plane) : (plane, channels * plane);
        ReadOnlySpan<int> sizes = [input[0], channels, height, Block, width, Block];
        ReadOnlySpan<int> steps = [input[1] * plane, channel, width, Block * place, 1, place];
        sizes.CopyTo(extents);
        steps.CopyTo(strides);
    }
}

/// <summary>ONNX SpaceToDepth: square blocks of the image become channels: [N, C, H b, W b]
/// to [N, C b^2, H, W].</summary>
/// <remarks>Attribute: blocksize, b. The place in the block is the channel's slower part.</remarks>
internal sealed class SpaceToDepth<T>(OperatorSettings settings) : BlockRearrangement<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override Shape Rearrange(Shape input) => input[2] % Block == 0 && input[3] % Block == 0
        ? new Shape(input[0], input[1] * Block * Block, input[2] / Block, input[3] / Block)
        : throw Misfit(
            $"the input's shape {input} has an image of {input[2]} x {input[3]}, which blocks of side {Block} do not "
            + "fill");

    protected override void Describe(Shape input, Span<int> extents, Span<int> strides)
    {
        var (height, width) = (input[2], input[3]);
        var plane = height * width;
        ReadOnlySpan<int> sizes = [input[0], Block, Block, input[1], height / Block, width / Block];
        ReadOnlySpan<int> steps = [input[1] * plane, width, 1, plane, Block * width, Block];
        sizes.CopyTo(extents);
        steps.CopyTo(strides);
    }
}
