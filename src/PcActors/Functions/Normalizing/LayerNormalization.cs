using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX LayerNormalization: what lies along the axes from one on is normalised by its own moments, then each element is
/// scaled and shifted.</summary>
/// <remarks>Inputs: X; Scale and B, which may be absent, of the shape of the normalised axes. Attributes: axis (-1), the first of
/// them; epsilon (1e-5). Further outputs: <c>LayerNormalization:Mean</c> and <c>LayerNormalization:InvStdDev</c>.</remarks>
public sealed class LayerNormalization<T> : RowNormalization<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _axis;

    /// <summary>A LayerNormalization with the attributes given.</summary>
    public LayerNormalization(Attributes attributes)
        : base(attributes) => _axis = attributes.Axis("axis", -1);

    /// <inheritdoc/>
    public override string OperatorType => "LayerNormalization";

    /// <inheritdoc/>
    public override int MinInputs => 2;

    /// <inheritdoc/>
    public override int MaxInputs => 3;

    private protected override void RequireFit(ReadOnlySpan<Shape> inputs)
    {
        var wanted = inputs[0].Dimensions[AxisOf(inputs[0], _axis)..];
        for (var i = 1; i < inputs.Length; i++)
        {
            if (!inputs[i].Dimensions.SequenceEqual(wanted))
                throw Misfit($"its input {i} is {inputs[i]}; it must be {new Shape(wanted)}, the normalised axes of X, which is {inputs[0]}");
        }
    }

    private protected override NormalizedRows RowsOf(Shape x)
    {
        var length = x.LengthOf(x.Axis(_axis), x.Rank);
        return new NormalizedRows(length, 1, length);
    }
}
