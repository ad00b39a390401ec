using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX DepthToSpace: channels become square blocks of the image: [N, C b^2, H, W] to [N, C, H b, W b].</summary>
/// <remarks>Attributes: blocksize, b; mode ("DCR": the place in the block is the channel's slower part; "CRD": the faster).</remarks>
public sealed class DepthToSpace<T> : BlockRearrangement<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _isColumnFirst;

    /// <summary>A DepthToSpace with the attributes given.</summary>
    /// <exception cref="AttributeException">The block's size is missing or not positive, or the mode is unknown.</exception>
    public DepthToSpace(Attributes attributes)
        : base(attributes)
    {
        _isColumnFirst = attributes.Text("mode", "DCR") switch
        {
            "DCR" => false,
            "CRD" => true,
            var other => throw new AttributeException($"the attribute 'mode' is '{other}'; it is DCR or CRD"),
        };
    }

    /// <inheritdoc/>
    public override string OperatorType => "DepthToSpace";

    private protected override Shape Rearrange(Shape input) => input[1] % (Block * Block) == 0
        ? new Shape(input[0], input[1] / (Block * Block), input[2] * Block, input[3] * Block)
        : throw Misfit($"the input's shape {input} has {input[1]} channels, which {Block} x {Block} does not divide");

    private protected override void Describe(Shape input, Span<int> extents, Span<int> strides)
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
