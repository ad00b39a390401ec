using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX InstanceNormalization: each channel of each sample is normalised by its own moments, then scaled and shifted.</summary>
/// <remarks>Inputs: X [N, C, ...], scale [C], B [C]. Attribute: epsilon (1e-5).</remarks>
public sealed class InstanceNormalization<T> : RowNormalization<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>An InstanceNormalization with the attributes given.</summary>
    public InstanceNormalization(Attributes attributes)
        : base(attributes)
    {
    }

    /// <inheritdoc/>
    public override string OperatorType => "InstanceNormalization";

    private protected override void RequireFit(ReadOnlySpan<Shape> inputs)
    {
        if (inputs[0].Rank < 3) throw Misfit($"X is {inputs[0]}; it must be [batch, channels, ...] with a place or more");
        RequireList(inputs, inputs[0][1]);
    }

    private protected override NormalizedRows RowsOf(Shape x)
    {
        var places = x.LengthOf(2, x.Rank);
        return new NormalizedRows(places, places, x[1]);
    }
}
