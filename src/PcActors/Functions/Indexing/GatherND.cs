using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX GatherND: for each row of the indices, the block of the data whose first axes it names.</summary>
/// <remarks>Attribute: batch_dims (0): how many first axes of the data and the indices are one another's, and are not named.</remarks>
public sealed class GatherND<T> : GatherFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _batch;

    /// <summary>A GatherND with the attribute's batch axes.</summary>
    /// <exception cref="AttributeException">Their number is negative.</exception>
    public GatherND(Attributes attributes)
        : base(attributes)
    {
        _batch = attributes.Axis("batch_dims", 0);
        if (_batch < 0) throw new AttributeException($"batch_dims is {_batch}; it must be 0 or more");
    }

    /// <inheritdoc/>
    public override string OperatorType => "GatherND";

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var (data, indices) = (inputs[0], inputs[1]);
        if (indices.Rank <= _batch || data.Rank <= _batch || !data.Dimensions[.._batch].SequenceEqual(indices.Dimensions[.._batch]))
            throw Misfit($"the data's shape {data} and the indices' {indices} must share {_batch} first axes, and have more");
        if (indices[^1] > data.Rank - _batch)
            throw Misfit($"the indices' shape {indices} names {indices[^1]} axes and the data's {data} has {data.Rank - _batch}");
        return new Shape([.. indices.Dimensions[..^1], .. data.Dimensions[(_batch + indices[^1])..]]);
    }

    private protected override (int Block, int Places) Layout(Shape data, Shape indices) => TuplePlaces.Layout(data, indices, _batch);

    private protected override void Locate(Shape data, Tensor<T> indices, Span<int> offsets) =>
        TuplePlaces.Locate(this, data, indices, _batch, offsets);
}
