using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX GatherElements: for each index, the element at the index's own place but for one axis, where the index
/// stands: mu[i][j] = data[index[i][j]][j] for axis 0.</summary>
/// <remarks>Attribute: axis (0), negative to count from the last.</remarks>
public sealed class GatherElements<T> : GatherFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _axis;

    /// <summary>A GatherElements along the attribute's axis.</summary>
    public GatherElements(Attributes attributes)
        : base(attributes) => _axis = attributes.Axis("axis", 0);

    /// <inheritdoc/>
    public override string OperatorType => "GatherElements";

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        return ElementPlaces.WhyNot(inputs[0], inputs[1], AxisOf(inputs[0], _axis)) is { } why ? throw Misfit(why) : inputs[1];
    }

    private protected override (int Block, int Places) Layout(Shape data, Shape indices) => (1, indices.Length);

    private protected override void Locate(Shape data, Tensor<T> indices, Span<int> offsets) =>
        ElementPlaces.Locate(this, data, indices, data.Axis(_axis), offsets);
}
