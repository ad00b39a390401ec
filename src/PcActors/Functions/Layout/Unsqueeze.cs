using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX Unsqueeze: the input with axes of extent 1 inserted.</summary>
/// <remarks>Attribute: axes, where in the result's shape they stand; negative counts from its last.</remarks>
public sealed class Unsqueeze<T> : ViewFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _axes;

    /// <summary>An Unsqueeze to the attribute's axes.</summary>
    /// <exception cref="AttributeException">They are missing.</exception>
    public Unsqueeze(Attributes attributes)
    {
        Attributes = attributes;
        _axes = attributes.Axes("axes") ?? throw new AttributeException("the attribute 'axes' is missing");
    }

    /// <inheritdoc/>
    public override string OperatorType => "Unsqueeze";

    /// <inheritdoc/>
    public override Attributes Attributes { get; }

    /// <inheritdoc/>
    protected override Shape View(Shape input)
    {
        var extents = new int[input.Rank + _axes.Length];
        foreach (var axis in _axes)
        {
            if (axis < -extents.Length || axis >= extents.Length)
            {
                throw Misfit(
                    $"axis {axis} is outside the result's {extents.Length} axes; it must lie in [{-extents.Length}, {extents.Length - 1}]");
            }
            var own = axis < 0 ? axis + extents.Length : axis;
            if (extents[own] == 1) throw Misfit($"axis {axis} is listed twice in axes");
            extents[own] = 1;
        }
        var kept = 0;
        for (var axis = 0; axis < extents.Length; axis++)
        {
            if (extents[axis] == 0) extents[axis] = input[kept++];
        }
        return new Shape(extents);
    }
}
