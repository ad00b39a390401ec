using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX ScatterElements: each update goes to its own place but for one axis, where its index stands:
/// data[index[i][j]][j] for axis 0.</summary>
/// <remarks>Attributes: axis (0), negative to count from the last; reduction.</remarks>
public sealed class ScatterElements<T> : ScatterFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _axis;

    /// <summary>A ScatterElements with the attributes given.</summary>
    /// <exception cref="AttributeException">The reduction is unknown.</exception>
    public ScatterElements(Attributes attributes)
        : base(attributes) => _axis = attributes.Axis("axis", 0);

    /// <inheritdoc/>
    public override string OperatorType => "ScatterElements";

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        if (ElementPlaces.WhyNot(inputs[0], inputs[1], AxisOf(inputs[0], _axis)) is { } why) throw Misfit(why);
        return inputs[1].Equals(inputs[2])
            ? inputs[0]
            : throw Misfit($"the updates' shape {inputs[2]} must be the indices', {inputs[1]}");
    }

    private protected override (int Block, int Places) Layout(Shape data, Shape indices) => (1, indices.Length);

    private protected override void Locate(Shape data, Tensor<T> indices, Span<int> offsets) =>
        ElementPlaces.Locate(this, data, indices, data.Axis(_axis), offsets);
}
