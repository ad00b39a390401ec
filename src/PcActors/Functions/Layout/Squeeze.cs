using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX Squeeze: the input without axes of extent 1.</summary>
/// <remarks>Attribute: axes (all that have extent 1), negative to count from the last.</remarks>
public sealed class Squeeze<T> : ViewFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[]? _axes;

    /// <summary>A Squeeze of the attribute's axes.</summary>
    public Squeeze(Attributes attributes)
    {
        Attributes = attributes;
        _axes = attributes.Axes("axes");
    }

    /// <inheritdoc/>
    public override string OperatorType => "Squeeze";

    /// <inheritdoc/>
    public override Attributes Attributes { get; }

    /// <inheritdoc/>
    protected override Shape View(Shape input)
    {
        var gone = new bool[input.Rank];
        for (var axis = 0; axis < gone.Length; axis++) gone[axis] = _axes is null && input[axis] == 1;
        foreach (var axis in _axes ?? [])
        {
            var own = AxisOf(input, axis);
            if (input[own] != 1) throw Misfit($"axis {axis} of the input's shape {input} has extent {input[own]}; it must be 1");
            gone[own] = true;
        }
        return new Shape([.. input.Dimensions.ToArray().Where((_, axis) => !gone[axis])]);
    }
}
