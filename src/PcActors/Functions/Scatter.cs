using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using static PcActors.Functions.OperatorAttribute;
using static PcActors.Functions.OperatorInput;

namespace PcActors.Functions;

/// <summary>Writing at indices.</summary>
internal static class ScatterOperators
{
    private static OperatorAttribute Reduction => Text("reduction", "none", "add", "mul", "max", "min");

    public static Operator[] All =>
    [
        new("ScatterElements", typeof(ScatterElements<>))
        {
            Inputs = ["data", Indices("indices"), "updates"], Attributes = [Axis("axis", 0), Reduction], Since = 11,
            Remark = GatherOperators.Nothing,
        },
        new("ScatterND", typeof(ScatterND<>))
        {
            Inputs = ["data", Indices("indices"), "updates"], Attributes = [Reduction], Since = 11,
            Remark = GatherOperators.Nothing,
        },
    ];
}

/// <summary>The data with updates written at indices.</summary>
/// <remarks>
/// <para>Inputs: data, indices, updates. Attribute: reduction ("none", "add", "mul", "max" or
/// "min"), what becomes of an update and what is at its place already. Updates are taken in row-major order; without a
/// reduction the last one at a place stays.</para>
/// <para>The pull-back is the derivative of just that: without a reduction, the error to
/// whatever stayed; of a product, the error times the other factors; of an extremum, the error to the one that was
/// chosen, in equal shares where several tie.</para>
/// </remarks>
internal abstract class ScatterFunction<T>(OperatorSettings settings) : IndexedFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ScatterReduction _reduction = (ScatterReduction)settings.Choice("reduction");

    public sealed override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        inputs[0].Span.CopyTo(prediction.Writable);
        if (inputs[2].Length == 0) return;
        var offsets = Offsets(inputs, out var block, out var places);
        ScatterWrite.Predict(_reduction, new(offsets, places, block), inputs[2].Span, prediction.Writable);
        ArrayPool<int>.Shared.Return(offsets);
    }

    public sealed override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var pulled = result.Writable;
        if (input == 1 || pulled.IsEmpty) pulled.Clear();
        else if (inputs[2].Length == 0) error.Span.CopyTo(pulled);
        else
        {
            var offsets = Offsets(inputs, out var block, out var places);
            var at = new ScatterPlaces(offsets, places, block);
            if (input == 0)
                ScatterWrite.PullBackToData(_reduction, at, inputs[0].Span, inputs[2].Span, prediction.Span, error.Span,
                    pulled);
            else ScatterWrite.PullBackToUpdates(_reduction, at, inputs[0].Span, inputs[2].Span, prediction.Span,
                error.Span, pulled);
            ArrayPool<int>.Shared.Return(offsets);
        }
    }

    public sealed override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        _reduction == ScatterReduction.None ? 0 : inputs[2].Length;

    private int[] Offsets(ReadOnlySpan<Tensor<T>> inputs, out int block, out int places)
    {
        (block, places) = Layout(inputs[0].Shape, inputs[1].Shape);
        var offsets = ArrayPool<int>.Shared.Rent(places);
        Locate(inputs[0].Shape, inputs[1], offsets.AsSpan(0, places));
        return offsets;
    }
}

/// <summary>ONNX ScatterElements: each update goes to its own place but for one axis, where its index stands:
/// data[index[i][j]][j] for axis 0.</summary>
internal sealed class ScatterElements<T>(OperatorSettings settings) : ScatterFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _axis = settings.Axis("axis");

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        if (ElementPlaces.WhyNot(inputs[0], inputs[1], AxisOf(inputs[0], _axis)) is { } why) throw Misfit(why);
        return inputs[1].Equals(inputs[2])
            ? inputs[0]
            : throw Misfit($"the updates' shape {inputs[2]} must be the indices', {inputs[1]}");
    }

    protected override (int Block, int Places) Layout(Shape data, Shape indices) => (1, indices.Length);

    protected override void Locate(Shape data, Tensor<T> indices, Span<int> offsets) =>
        ElementPlaces.Locate(this, data, indices, data.Axis(_axis), offsets);
}

/// <summary>ONNX ScatterND: each block of the updates goes to the block of the data whose first axes a row
/// of the indices names.</summary>
internal sealed class ScatterND<T>(OperatorSettings settings) : ScatterFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var (data, indices, updates) = (inputs[0], inputs[1], inputs[2]);
        if (indices.Rank == 0 || indices[^1] > data.Rank)
            throw Misfit(
                $"the indices' shape is {indices}; its last extent counts the axes that are named, of the data's "
                + $"{data}");
        var wanted = new Shape([.. indices.Dimensions[..^1], .. data.Dimensions[indices[^1]..]]);
        return updates.Equals(wanted) ? data : throw Misfit($"the updates' shape is {updates}; it must be {wanted}");
    }

    protected override (int Block, int Places) Layout(Shape data, Shape indices) =>
        TuplePlaces.Layout(data, indices, 0);

    protected override void Locate(Shape data, Tensor<T> indices, Span<int> offsets) =>
        TuplePlaces.Locate(this, data, indices, 0, offsets);
}
