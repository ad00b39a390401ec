using System.Numerics;
using PcActors.Tensors;
using static PcActors.Functions.OperatorAttribute;
using static PcActors.Functions.OperatorInput;

namespace PcActors.Functions;

/// <summary>Slices, triangles and diagonals.</summary>
internal static class SliceOperators
{
    public static Operator[] All =>
    [
        new("EyeLike", typeof(EyeLike<>))
        {
            Attributes = [Integer("k", 0), Text("dtype")], Since = 9, Remark = "nothing is pulled back",
        },
        new("Slice", typeof(Slice<>))
        {
            Inputs =
            [
                "data", Of(Integers("starts").Required, since: 10), Of(Integers("ends").Required, since: 10),
                Of(Axes("axes"), since: 10),
                Of(Integers("steps"), since: 10),
            ],
        },
        new("Trilu", typeof(Trilu<>))
        {
            Inputs = ["input", Of(Integer("k", 0))], Attributes = [Flag("upper", true)], Since = 14,
        },
    ];
}

/// <summary>ONNX Slice: a range of indices along each of some axes, with steps. The
/// pull-back is the error in the range's place and 0 elsewhere.</summary>
/// <remarks>Attributes: starts, ends (exclusive), axes (the first ones), steps (1; negative to
/// go backwards). Negative starts and ends count from the end of the axis; both are clamped to it.</remarks>
internal sealed class Slice<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly long[] _starts;
    private readonly long[] _ends;
    private readonly long[] _steps;
    private readonly int[] _axes;

    /// <summary>A Slice of the attributes' ranges.</summary>
    /// <exception cref="AttributeException">Starts or ends are missing, a step is 0, or
    /// their numbers differ.</exception>
    public Slice(OperatorSettings settings)
        : base(settings)
    {
        _starts = settings.Integers("starts")!;
        _ends = settings.Integers("ends")!;
        _axes = settings.Extents("axes") ?? [.. Enumerable.Range(0, _starts.Length)];
        _steps = settings.Integers("steps") ?? [.. Enumerable.Repeat(1L, _starts.Length)];
        if (_ends.Length != _starts.Length || _axes.Length != _starts.Length || _steps.Length != _starts.Length)
        {
            throw new AttributeException(
                $"there are {_starts.Length} starts, {_ends.Length} ends, {_axes.Length} axes and {_steps.Length} "
                + "steps; " +
                "there must be as many of each");
        }
        if (_steps.Contains(0)) throw new AttributeException("a step is 0; it must be positive or negative");
    }

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var shape = inputs[0];
        var extents = shape.Dimensions.ToArray();
        var seen = new HashSet<int>();
        for (var i = 0; i < _axes.Length; i++)
        {
            var axis = AxisOf(shape, _axes[i]);
            if (!seen.Add(axis)) throw Misfit($"axis {_axes[i]} is listed twice in axes");
            extents[axis] = Range(i, shape[axis]).Count;
        }
        return new Shape(extents);
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var x = inputs[0];
        Span<int> strides = stackalloc int[x.Shape.Rank];
        var start = Locate(x.Shape, strides);
        StridedCopy.Gather(x.Span, start, strides, prediction.Shape, prediction.Writable);
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        result.Writable.Clear();
        Span<int> strides = stackalloc int[result.Shape.Rank];
        var start = Locate(result.Shape, strides);
        StridedCopy.Scatter(error.Span, error.Shape, result.Writable, start, strides);
    }

    /// <summary>Where in the input the slice begins, and its strides there.</summary>
    private int Locate(Shape input, Span<int> strides)
    {
        StridedCopy.RowMajor(input, strides);
        var at = 0;
        for (var i = 0; i < _axes.Length; i++)
        {
            var axis = input.Axis(_axes[i]);
            var (start, count) = Range(i, input[axis]);
            at += start * strides[axis];
            // A lone element has no next one, however far the step would go.
            strides[axis] = count > 1 ? strides[axis] * (int)_steps[i] : 0;
        }
        return at;
    }

    /// <summary>The first index and the number of indices that the i-th range takes from an axis.</summary>
    private (int Start, int Count) Range(int i, int extent)
    {
        var (start, end, step) = (_starts[i], _ends[i], _steps[i]);
        if (start < 0) start += extent;
        if (end < 0) end += extent;
        if (step > 0)
        {
            start = Math.Clamp(start, 0, extent);
            end = Math.Clamp(end, 0, extent);
        }
        else
        {
            start = Math.Clamp(start, 0, Math.Max(extent - 1, 0));
            end = Math.Clamp(end, -1, extent - 1);
        }
        var length = step > 0 ? end - start : start - end;
        if (length <= 0) return (0, 0);
        // Beyond the axis's length, all steps are the same; long.MinValue has no absolute value.
        var stride = step is long.MinValue ? long.MaxValue : Math.Abs(step);
        return ((int)start, (int)(((length - 1) / stride) + 1));
    }
}

/// <summary>ONNX Trilu: the upper or lower triangle of each matrix, 0 elsewhere. The pull-back is
/// the error's triangle.</summary>
/// <remarks>Attributes: k (0), the diagonal at which the triangle begins, counted to the right; upper (1).</remarks>
internal sealed class Trilu<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly long _diagonal = settings.Integer("k");
    private readonly bool _upper = settings.Flag("upper");

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        return inputs[0].Rank >= 2
            ? inputs[0]
            : throw Misfit($"the input's shape is {inputs[0]}; it must have two axes or more");
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction) => Copy(inputs[0], prediction);

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        Copy(error, result);

    private void Copy(Tensor<T> source, Tensor<T> result)
    {
        if (result.Length == 0) return;
        var (rows, columns) = (result.Shape[-2], result.Shape[-1]);
        result.Writable.Clear();
        for (var row = 0; row < result.Length / columns; row++)
        {
            // The first column of the upper triangle, or the first one beyond the lower.
            var border = (row % rows) + Math.Clamp(_diagonal, -rows, columns) + (_upper ? 0 : 1);
            var split = (int)Math.Clamp(border, 0, columns);
            var (from, to) = _upper ? (split, columns) : (0, split);
            var at = (row * columns) + from;
            source.Span.Slice(at, to - from).CopyTo(result.Writable[at..]);
        }
    }
}

/// <summary>ONNX EyeLike: a matrix of the input's shape with ones on a diagonal and zeros elsewhere.
/// Nothing is pulled back.</summary>
/// <remarks>Attributes: k (0), the diagonal, counted to the right; dtype, which T stands for.</remarks>
internal sealed class EyeLike<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly long _diagonal = settings.Integer("k");

    public override bool IsDifferentiable(int input) => false;

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        return inputs[0].Rank == 2 ? inputs[0] : throw Misfit($"the input's shape is {inputs[0]}; it must be a matrix");
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var (rows, columns) = (prediction.Shape[0], prediction.Shape[1]);
        var mu = prediction.Writable;
        mu.Clear();
        for (var row = 0; row < rows; row++)
        {
            var column = row + Math.Clamp(_diagonal, -rows, columns);
            if (column >= 0 && column < columns) mu[(row * columns) + (int)column] = T.One;
        }
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        result.Writable.Clear();
}
