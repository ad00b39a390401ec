using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX Gather: the entries of an axis that the indices name, in the indices' shape in place of that axis.</summary>
/// <remarks>Attribute: axis (0), negative to count from the last.</remarks>
public sealed class Gather<T> : GatherFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _axis;

    /// <summary>A Gather along the attribute's axis.</summary>
    public Gather(Attributes attributes)
        : base(attributes) => _axis = attributes.Axis("axis", 0);

    /// <inheritdoc/>
    public override string OperatorType => "Gather";

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var data = inputs[0].Dimensions;
        var axis = AxisOf(inputs[0], _axis);
        return new Shape([.. data[..axis], .. inputs[1].Dimensions, .. data[(axis + 1)..]]);
    }

    private protected override (int Block, int Places) Layout(Shape data, Shape indices)
    {
        var axis = data.Axis(_axis);
        return (data.LengthOf(axis + 1, data.Rank), data.LengthOf(0, axis) * indices.Length);
    }

    private protected override void Locate(Shape data, Tensor<T> indices, Span<int> offsets)
    {
        var axis = data.Axis(_axis);
        var block = data.LengthOf(axis + 1, data.Rank);
        for (var i = 0; i < indices.Length; i++) offsets[i] = Resolve(indices.Span[i], data, axis) * block;
        // The other entries before the axis have the same places, further on.
        for (var i = indices.Length; i < offsets.Length; i++) offsets[i] = offsets[i - indices.Length] + (data[axis] * block);
    }
}
