using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX Slice: a range of indices along each of some axes, with steps. The pull-back is the error in the range's
/// place and 0 elsewhere.</summary>
/// <remarks>Attributes: starts, ends (exclusive), axes (the first ones), steps (1; negative to go backwards). Negative starts
/// and ends count from the end of the axis; both are clamped to it.</remarks>
public sealed class Slice<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly long[] _starts;
    private readonly long[] _ends;
    private readonly long[] _steps;
    private readonly int[] _axes;

    /// <summary>A Slice of the attributes' ranges.</summary>
    /// <exception cref="AttributeException">Starts or ends are missing, a step is 0, or their numbers differ.</exception>
    public Slice(Attributes attributes)
    {
        Attributes = attributes;
        _starts = attributes.RequiredIntegers("starts");
        _ends = attributes.RequiredIntegers("ends");
        _axes = attributes.Axes("axes") ?? [.. Enumerable.Range(0, _starts.Length)];
        _steps = attributes.Integers("steps") ?? [.. Enumerable.Repeat(1L, _starts.Length)];
        if (_ends.Length != _starts.Length || _axes.Length != _starts.Length || _steps.Length != _starts.Length)
        {
            throw new AttributeException(
                $"there are {_starts.Length} starts, {_ends.Length} ends, {_axes.Length} axes and {_steps.Length} steps; " +
                "there must be as many of each");
        }
        if (_steps.Contains(0)) throw new AttributeException("a step is 0; it must be positive or negative");
    }

    /// <inheritdoc/>
    public override string OperatorType => "Slice";

    /// <inheritdoc/>
    public override Attributes Attributes { get; }

    /// <inheritdoc/>
    public override int MinInputs => 1;

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var x = inputs[0];
        Span<int> strides = stackalloc int[x.Shape.Rank];
        var start = Locate(x.Shape, strides);
        StridedCopy.Gather(x.Span, start, strides, prediction.Shape, prediction.Writable);
    }

    /// <inheritdoc/>
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        result.Writable.Clear();
        Span<int> strides = stackalloc int[result.Shape.Rank];
        var start = Locate(result.Shape, strides);
        StridedCopy.Scatter(error.Span, error.Shape, result.Writable, start, strides);
    }

    /// <inheritdoc/>
    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => 0;

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
