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
                "data", Of(Integers("pads", -int.MaxValue, int.MaxValue).Required, since: 11), Setting("constant_value?", former: "value"),
                Of(Axes("axes"), since: 18),
            ],
            Attributes = [Text("mode", "constant", "edge", "reflect", "wrap"), Float("value", 0)],
        },
    ];
}

/// <summary>ONNX Pad: the input with elements added, or removed, at both ends of its axes.</summary>
/// <remarks>
/// <para>Inputs: the data, and, optional, the scalar that mode "constant" adds (0). Attributes: pads, the numbers before each
/// axis and then those after each, negative to remove; axes (all, in order); mode ("constant", "edge", "reflect" or "wrap");
/// value, the scalar as up to opset 10.</para>
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
        if (inputs.Length == 2 && inputs[1].Length != 1) throw Misfit($"the constant's shape is {inputs[1]}; it must be a scalar");
        if (!_padding.Fits(shape))
            throw Misfit($"there are {_padding.Count} pads and the input's shape is {shape}; there must be two for each axis");
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
                throw Misfit($"axis {axis} of the input's shape {shape} has too few elements for what is removed, or too many are added");
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

/// <summary>The attributes of Pad, and where they leave each row of the input.</summary>
internal sealed class Padding
{
    private readonly int[] _pads;
    private readonly int[]? _axes;

    /// <summary>The padding of the attributes pads, axes and mode.</summary>
    /// <exception cref="AttributeException">Pads are not two for each axis.</exception>
    public Padding(OperatorSettings settings)
    {
        var pads = settings.Integers("pads")!;
        _axes = settings.Extents("axes");
        if (pads.Length % 2 != 0 || (_axes is not null && pads.Length != 2 * _axes.Length))
            throw new AttributeException($"pads is [{string.Join(", ", pads)}]; there must be two for each axis");
        _pads = Array.ConvertAll(pads, pad => (int)pad);
        Mode = (PadMode)settings.Choice("mode");
    }

    /// <summary>What stands outside the input.</summary>
    public PadMode Mode { get; }

    /// <summary>How many pads there are.</summary>
    public int Count => _pads.Length;

    /// <summary>The axes as they were given; none when it is all of them, in order.</summary>
    public ReadOnlySpan<int> Axes => _axes;

    /// <summary>Whether there are two pads for each axis of a shape, or the axes are listed.</summary>
    public bool Fits(Shape shape) => _axes is not null || _pads.Length == 2 * shape.Rank;

    /// <summary>One axis of a shape, padded.</summary>
    public PaddedAxis Axis(Shape shape, int axis)
    {
        var listed = axis;
        for (var i = 0; _axes is not null && i <= _axes.Length; i++)
        {
            if (i == _axes.Length) return new PaddedAxis(shape[axis], 0, 0);
            listed = i;
            if (_axes[i] == axis || _axes[i] == axis - shape.Rank) break;
        }
        return new PaddedAxis(shape[axis], _pads[listed], _pads[listed + (_pads.Length / 2)]);
    }

    /// <summary>The last axis; a scalar has one of extent 1.</summary>
    public PaddedAxis LastAxis(Shape shape) => shape.Rank == 0 ? new PaddedAxis(1, 0, 0) : Axis(shape, shape.Rank - 1);

    /// <summary>Where in the input the row begins to which an element of the padded array belongs, or -1 where there is none.</summary>
    public int RowStart(Shape shape, Shape padded, int element)
    {
        var (at, stride) = (0, shape.Rank == 0 ? 1 : shape[^1]);
        var row = shape.Rank == 0 ? 0 : element / padded[^1];
        for (var axis = shape.Rank - 2; axis >= 0; axis--)
        {
            var source = Axis(shape, axis).Source(row % padded[axis], Mode);
            if (source < 0) return -1;
            at += source * stride;
            stride *= shape[axis];
            row /= padded[axis];
        }
        return at;
    }
}

/// <summary>One axis of a padded array. What negative pads remove is gone before the others look at the input.</summary>
/// <param name="extent">The input's extent.</param>
/// <param name="before">Elements added before it, or removed when negative.</param>
/// <param name="after">Elements added after it, or removed when negative.</param>
internal readonly struct PaddedAxis(int extent, int before, int after)
{
    /// <summary>The first element that is the input's own.</summary>
    public int Start => Math.Max(before, 0);

    /// <summary>How many elements are the input's own; negative when more is removed than there is.</summary>
    public int Count { get; } = extent - Math.Max(-before, 0) - Math.Max(-after, 0);

    /// <summary>The input's index at Start.</summary>
    public int First => Math.Max(-before, 0);

    /// <summary>The padded extent.</summary>
    public long Extent => (long)extent + before + after;

    /// <summary>The input's index at one of the padded array, or -1 where there is none.</summary>
    public int Source(int index, PadMode mode)
    {
        var own = index - Start;
        if (own >= 0 && own < Count) return First + own;
        return mode switch
        {
            PadMode.Constant => -1,
            PadMode.Edge => First + Math.Clamp(own, 0, Count - 1),
            PadMode.Wrap => First + Remainder(own, Count),
            _ => First + Mirror(own),
        };
    }

    private int Mirror(int own)
    {
        if (Count == 1) return 0;
        var place = Remainder(own, 2 * (Count - 1));
        return place < Count ? place : (2 * (Count - 1)) - place;
    }

    private static int Remainder(int value, int divisor)
    {
        var rest = value % divisor;
        return rest < 0 ? rest + divisor : rest;
    }
}

/// <summary>What stands outside the input: a constant, its nearest element, its mirror image, or the input again.</summary>
internal enum PadMode
{
    /// <summary>One value.</summary>
    Constant,

    /// <summary>The element at the edge.</summary>
    Edge,

    /// <summary>The elements from the edge inwards, without the edge's own.</summary>
    Reflect,

    /// <summary>The elements from the other edge on.</summary>
    Wrap,
}
