using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX SpaceToDepth: square blocks of the image become channels: [N, C, H b, W b] to [N, C b^2, H, W].</summary>
/// <remarks>Attribute: blocksize, b. The place in the block is the channel's slower part.</remarks>
public sealed class SpaceToDepth<T> : BlockRearrangement<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A SpaceToDepth with the attributes given.</summary>
    /// <exception cref="AttributeException">The block's size is missing or not positive.</exception>
    public SpaceToDepth(Attributes attributes)
        : base(attributes)
    {
    }

    /// <inheritdoc/>
    public override string OperatorType => "SpaceToDepth";

    private protected override Shape Rearrange(Shape input) => input[2] % Block == 0 && input[3] % Block == 0
        ? new Shape(input[0], input[1] * Block * Block, input[2] / Block, input[3] / Block)
        : throw Misfit($"the input's shape {input} has an image of {input[2]} x {input[3]}, which blocks of side {Block} do not fill");

    private protected override void Describe(Shape input, Span<int> extents, Span<int> strides)
    {
        var (height, width) = (input[2], input[3]);
        var plane = height * width;
        ReadOnlySpan<int> sizes = [input[0], Block, Block, input[1], height / Block, width / Block];
        ReadOnlySpan<int> steps = [input[1] * plane, width, 1, plane, Block * width, Block];
        sizes.CopyTo(extents);
        steps.CopyTo(strides);
    }
}
