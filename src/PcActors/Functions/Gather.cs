using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using static PcActors.Functions.OperatorAttribute;
using static PcActors.Functions.OperatorInput;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>Reading at indices.</summary>
internal static class GatherOperators
{
    internal const string Nothing = "nothing is pulled back to indices";

    public static Operator[] All =>
    [
        new("Gather", typeof(Gather<>))
        {
            Inputs = ["data", Indices("indices")], Attributes = [Axis("axis", 0)], Remark = Nothing,
        },
        new("GatherElements", typeof(GatherElements<>))
        {
            Inputs = ["data", Indices("indices")], Attributes = [Axis("axis", 0)], Since = 11, Remark = Nothing,
        },
        new("GatherND", typeof(GatherND<>))
        {
            Inputs = ["data", Indices("indices")], Attributes = [Integer("batch_dims", 0, 0, int.MaxValue)],
            Since = 11, Remark = Nothing,
        },
    ];
}

/// <summary>Reads blocks of the data at indices. The pull-back adds each block's error up where the block
/// was read, in order.</summary>
internal abstract class GatherFunction<T>(OperatorSettings settings) : IndexedFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public sealed override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        if (prediction.Length == 0) return;
        var (block, places) = Layout(inputs[0].Shape, inputs[1].Shape);
        var buffer = ArrayPool<int>.Shared.Rent(places);
        var offsets = buffer.AsSpan(0, places);
        Locate(inputs[0].Shape, inputs[1], offsets);
        var x = inputs[0].Span;
        var mu = prediction.Writable;
        if (block == 1)
        {
            for (var i = 0; i < offsets.Length; i++) mu[i] = x[offsets[i]];
        }
        else
        {
            for (var i = 0; i < offsets.Length; i++) x.Slice(offsets[i], block).CopyTo(mu[(i * block)..]);
        }
        ArrayPool<int>.Shared.Return(buffer);
    }

    public sealed override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var pulled = result.Writable;
        pulled.Clear();
        if (input == 1 || error.Length == 0) return;
        var (block, places) = Layout(inputs[0].Shape, inputs[1].Shape);
        var buffer = ArrayPool<int>.Shared.Rent(places);
        var offsets = buffer.AsSpan(0, places);
        Locate(inputs[0].Shape, inputs[1], offsets);
        var eps = error.Span;
        if (block == 1)
        {
            for (var i = 0; i < offsets.Length; i++) pulled[offsets[i]] += eps[i];
        }
        else
        {
            for (var i = 0; i < offsets.Length; i++)
            {
                var sum = pulled.Slice(offsets[i], block);
                TensorPrimitives.Add(sum, eps.Slice(i * block, block), sum);
            }
        }
        ArrayPool<int>.Shared.Return(buffer);
    }
}

/// <summary>ONNX Gather: the entries of an axis that the indices name, in the indices' shape in
/// place of that axis.</summary>
internal sealed class Gather<T>(OperatorSettings settings) : GatherFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _axis = settings.Axis("axis");

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var data = inputs[0].Dimensions;
        var axis = AxisOf(inputs[0], _axis);
        return new Shape([.. data[..axis], .. inputs[1].Dimensions, .. data[(axis + 1)..]]);
    }

    protected override (int Block, int Places) Layout(Shape data, Shape indices)
    {
        var axis = data.Axis(_axis);
        return (data.LengthOf(axis + 1, data.Rank), data.LengthOf(0, axis) * indices.Length);
    }

    protected override void Locate(Shape data, Tensor<T> indices, Span<int> offsets)
    {
        var axis = data.Axis(_axis);
        var block = data.LengthOf(axis + 1, data.Rank);
        for (var i = 0; i < indices.Length; i++) offsets[i] = Resolve(indices.Span[i], data, axis) * block;
        // The other entries before the axis have the same places, further on.
        for (var i = indices.Length; i < offsets.Length; i++)
            offsets[i] = offsets[i - indices.Length] + (data[axis] * block);
    }
}

/// <summary>ONNX GatherElements: for each index, the element at the index's own place but for one axis, where the index
/// stands: mu[i][j] = data[index[i][j]][j] for axis 0.</summary>
internal sealed class GatherElements<T>(OperatorSettings settings) : GatherFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _axis = settings.Axis("axis");

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        return ElementPlaces.WhyNot(inputs[0], inputs[1], AxisOf(inputs[0], _axis)) is { } why
            ? throw Misfit(why)
            : inputs[1];
    }

    protected override (int Block, int Places) Layout(Shape data, Shape indices) => (1, indices.Length);

    protected override void Locate(Shape data, Tensor<T> indices, Span<int> offsets) =>
        ElementPlaces.Locate(this, data, indices, data.Axis(_axis), offsets);
}

/// <summary>ONNX GatherND: for each row of the indices, the block of the data whose first axes it names.</summary>
/// <remarks>Attribute: batch_dims (0): how many first axes of the data and the indices are one
/// another's, and are not named.</remarks>
internal sealed class GatherND<T>(OperatorSettings settings) : GatherFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _batch = (int)settings.Integer("batch_dims");

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var (data, indices) = (inputs[0], inputs[1]);
        if (indices.Rank <= _batch || data.Rank <= _batch
            || !data.Dimensions[.._batch].SequenceEqual(indices.Dimensions[.._batch]))
            throw Misfit(
                $"the data's shape {data} and the indices' {indices} must share {_batch} first axes, and have more");
        if (indices[^1] > data.Rank - _batch)
            throw Misfit(
                $"the indices' shape {indices} names {indices[^1]} axes and the data's {data} has "
                + $"{data.Rank - _batch}");
        return new Shape([.. indices.Dimensions[..^1], .. data.Dimensions[(_batch + indices[^1])..]]);
    }

    protected override (int Block, int Places) Layout(Shape data, Shape indices) =>
        TuplePlaces.Layout(data, indices, _batch);

    protected override void Locate(Shape data, Tensor<T> indices, Span<int> offsets) =>
        TuplePlaces.Locate(this, data, indices, _batch, offsets);
}
