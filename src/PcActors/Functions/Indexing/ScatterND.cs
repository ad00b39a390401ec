using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX ScatterND: each block of the updates goes to the block of the data whose first axes a row of the indices names.</summary>
/// <remarks>Attribute: reduction.</remarks>
public sealed class ScatterND<T> : ScatterFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A ScatterND with the attributes given.</summary>
    /// <exception cref="AttributeException">The reduction is unknown.</exception>
    public ScatterND(Attributes attributes)
        : base(attributes)
    {
    }

    /// <inheritdoc/>
    public override string OperatorType => "ScatterND";

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var (data, indices, updates) = (inputs[0], inputs[1], inputs[2]);
        if (indices.Rank == 0 || indices[^1] > data.Rank)
            throw Misfit($"the indices' shape is {indices}; its last extent counts the axes that are named, of the data's {data}");
        var wanted = new Shape([.. indices.Dimensions[..^1], .. data.Dimensions[indices[^1]..]]);
        return updates.Equals(wanted) ? data : throw Misfit($"the updates' shape is {updates}; it must be {wanted}");
    }

    private protected override (int Block, int Places) Layout(Shape data, Shape indices) => TuplePlaces.Layout(data, indices, 0);

    private protected override void Locate(Shape data, Tensor<T> indices, Span<int> offsets) =>
        TuplePlaces.Locate(this, data, indices, 0, offsets);
}
