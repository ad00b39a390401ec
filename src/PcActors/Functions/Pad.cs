using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;
using static PcActors.Functions.OperatorAttribute;
using static PcActors.Functions.OperatorInput;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>Padding.</summary>
internal static class PadOperators
{
    public static Operator[] All =>
    [
        new("Pad", typeof(Pad<>))
        {
            Inputs =
            [
                "data", Of(Integers("pads", -int.MaxValue, int.MaxValue).Required, since: 11),
                Setting("constant_value?", former: "value"),
                Of(Axes("axes"), since: 18),
            ],
            Attributes = [Text("mode", "constant", "edge", "reflect", "wrap"), Float("value", 0)],
        },
    ];
}

/// <summary>ONNX Pad: the input with elements added, or removed, at both ends of its axes.</summary>
/// <remarks>
/// <para>Inputs: the data, and, optional, the scalar that mode "constant" adds (0). Attributes:
/// pads, the numbers before each axis and then those after each, negative to remove; axes (all, in order); mode
/// ("constant", "edge", "reflect" or "wrap"); value, the scalar as up to opset 10.</para>
/// <para>The pull-back is to the data, for each element, the sum of the errors where it stands; to the scalar, of those
/// where it stands.</para>
/// </remarks>
internal sealed class Pad<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Padding _padding = new(settings);
    private readonly T _value = T.CreateChecked(settings.Float("value"));

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var shape = inputs[0];
        if (inputs.Length == 2 && inputs[1].Length != 1)
            throw Misfit($"the constant's shape is {inputs[1]}; it must be a scalar");
        if (!_padding.Fits(shape))
            throw Misfit(
                $"there are {_padding.Count} pads and the input's shape is {shape}; there must be two for each axis");
        var seen = new HashSet<int>();
        foreach (var axis in _padding.Axes)
        {
            if (!seen.Add(AxisOf(shape, axis))) throw Misfit($"axis {axis} is listed twice in axes");
        }
        var extents = new int[shape.Rank];
        for (var axis = 0; axis < extents.Length; axis++)
        {
            var padded = _padding.Axis(shape, axis);
            if (padded.Extent is < 0 or > int.MaxValue || padded.Count < 0)
                throw Misfit(
                    $"axis {axis} of the input's shape {shape} has too few elements for what is removed, or too many "
                    + "are added");
            if (_padding.Mode != PadMode.Constant && padded.Count == 0 && padded.Extent > 0)
                throw Misfit($"axis {axis} of the input's shape {shape} has no elements to pad with");
            extents[axis] = (int)padded.Extent;
        }
        return new Shape(extents);
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var mu = prediction.Writable;
        if (mu.IsEmpty) return;
        var shape = inputs[0].Shape;
        var x = inputs[0].Span;
        var value = inputs.Length == 2 ? inputs[1].Span[0] : _value;
        var last = _padding.LastAxis(shape);
        for (var start = 0; start < mu.Length; start += (int)last.Extent)
        {
            var row = mu.Slice(start, (int)last.Extent);
            var at = _padding.RowStart(shape, prediction.Shape, start);
            if (at < 0)
            {
                row.Fill(value);
                continue;
            }
            x.Slice(at + last.First, last.Count).CopyTo(row[last.Start..]);
            for (var i = 0; i < row.Length; i++)
            {
                if (i == last.Start) i += last.Count;
                if (i == row.Length) break;
                var source = last.Source(i, _padding.Mode);
                row[i] = source < 0 ? value : x[at + source];
            }
        }
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var pulled = result.Writable;
        pulled.Clear();
        var shape = inputs[0].Shape;
        var eps = error.Span;
        if (eps.IsEmpty) return;
        var last = _padding.LastAxis(shape);
        for (var start = 0; start < eps.Length; start += (int)last.Extent)
        {
            var row = eps.Slice(start, (int)last.Extent);
            var at = _padding.RowStart(shape, error.Shape, start);
            if (at < 0)
            {
                if (input == 1) pulled[0] += Reductions.Sum(row);
                continue;
            }
            if (input == 0)
            {
                var own = pulled.Slice(at + last.First, last.Count);
                TensorPrimitives.Add(own, row.Slice(last.Start, last.Count), own);
            }
            for (var i = 0; i < row.Length; i++)
            {
                if (i == last.Start) i += last.Count;
                if (i == row.Length) break;
                var source = last.Source(i, _padding.Mode);
                if (input == 1 && source < 0) pulled[0] += row[i];
                if (input == 0 && source >= 0) pulled[at + source] += row[i];
            }
        }
    }

    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) => prediction.Length;
}
