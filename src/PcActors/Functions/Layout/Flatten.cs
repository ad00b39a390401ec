using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX Flatten: the input as a matrix, whose rows run over the axes before <c>axis</c>.</summary>
/// <remarks>Attribute: axis (1), from -rank to rank; negative counts from the last. With 0 there is one row.</remarks>
public sealed class Flatten<T> : ViewFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _axis;

    /// <summary>A Flatten at the attribute's axis.</summary>
    public Flatten(Attributes attributes)
    {
        Attributes = attributes;
        _axis = attributes.Axis("axis", 1);
    }

    /// <inheritdoc/>
    public override string OperatorType => "Flatten";

    /// <inheritdoc/>
    public override Attributes Attributes { get; }

    /// <inheritdoc/>
    protected override Shape View(Shape input)
    {
        if (_axis < -input.Rank || _axis > input.Rank)
            throw Misfit($"axis {_axis} is outside the input's shape {input}; it must lie in [{-input.Rank}, {input.Rank}]");
        var axis = _axis < 0 ? _axis + input.Rank : _axis;
        return new Shape(input.LengthOf(0, axis), input.LengthOf(axis, input.Rank));
    }
}
