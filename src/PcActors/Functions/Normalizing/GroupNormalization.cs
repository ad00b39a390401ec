using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX GroupNormalization, as from opset 21: groups of neighbouring channels of each sample are normalised by their
/// moments, then each channel is scaled and shifted.</summary>
/// <remarks>Inputs: X [N, C, ...], scale [C], bias [C]. Attributes: num_groups, a divisor of C, which must be set; epsilon
/// (1e-5).</remarks>
public sealed class GroupNormalization<T> : RowNormalization<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly long _groups;

    /// <summary>A GroupNormalization with the attributes given.</summary>
    /// <exception cref="AttributeException">num_groups is missing or not positive.</exception>
    public GroupNormalization(Attributes attributes)
        : base(attributes)
    {
        _groups = attributes.RequiredInteger("num_groups");
        if (_groups <= 0) throw new AttributeException($"num_groups is {_groups}; it must be positive");
    }

    /// <inheritdoc/>
    public override string OperatorType => "GroupNormalization";

    private protected override void RequireFit(ReadOnlySpan<Shape> inputs)
    {
        if (inputs[0].Rank < 2) throw Misfit($"X is {inputs[0]}; it must be [batch, channels, ...]");
        if (inputs[0][1] % _groups != 0) throw Misfit($"X is {inputs[0]}; its {inputs[0][1]} channels are not a multiple of {_groups} groups");
        RequireList(inputs, inputs[0][1]);
    }

    private protected override NormalizedRows RowsOf(Shape x) =>
        new(x.LengthOf(1, x.Rank) / (int)_groups, x.LengthOf(2, x.Rank), x[1]);
}
