using System.Numerics;
using PcActors.Tensors;
using static PcActors.Functions.OperatorAttribute;
using static PcActors.Functions.OperatorInput;

namespace PcActors.Functions;

/// <summary>The input's elements under another shape.</summary>
internal static class ViewOperators
{
    public static Operator[] All =>
    [
        new("Flatten", typeof(Flatten<>)) { Attributes = [Axis("axis", 1)] },
        new("Identity", typeof(Identity<>)),
        new("Reshape", typeof(Reshape<>))
        {
            Inputs = ["data", Of(Integers("shape", -1, int.MaxValue).Required)], Attributes = [Flag("allowzero")],
        },
        new("Squeeze", typeof(Squeeze<>)) { Inputs = ["data", Of(Axes("axes"), since: 13)] },
        new("Unsqueeze", typeof(Unsqueeze<>)) { Inputs = ["data", Of(Axes("axes").Required, since: 13)] },
    ];
}

/// <summary>A function whose prediction is its input's elements, in order, under a shape that
/// only the shapes decide.</summary>
public abstract class ViewFunction<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public sealed override bool IsView => true;

    /// <inheritdoc/>
    public sealed override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        return View(inputs[0]);
    }

    /// <inheritdoc/>
    public sealed override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction) =>
        inputs[0].Span.CopyTo(prediction.Writable);

    /// <inheritdoc/>
    public sealed override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        error.Span.CopyTo(result.Writable);

    /// <summary>The shape under which the prediction shows the elements.</summary>
    /// <exception cref="ShapeException">The input's shape does not fit.</exception>
    protected abstract Shape View(Shape input);
}

/// <summary>ONNX Identity: the input as it is.</summary>
internal sealed class Identity<T>(OperatorSettings settings) : ViewFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override Shape View(Shape input) => input;
}

/// <summary>ONNX Flatten: the input as a matrix, whose rows run over the axes before <c>axis</c>.</summary>
/// <remarks>Attribute: axis (1), from -rank to rank; negative counts from the last. With 0 there is one row.</remarks>
internal sealed class Flatten<T>(OperatorSettings settings) : ViewFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _axis = settings.Axis("axis");

    protected override Shape View(Shape input)
    {
        if (_axis < -input.Rank || _axis > input.Rank)
            throw Misfit(
                $"axis {_axis} is outside the input's shape {input}; it must lie in [{-input.Rank}, {input.Rank}]");
        var axis = _axis < 0 ? _axis + input.Rank : _axis;
        return new Shape(input.LengthOf(0, axis), input.LengthOf(axis, input.Rank));
    }
}

/// <summary>ONNX Reshape: the input's elements under another shape.</summary>
/// <remarks>Attributes: shape, in which one extent may be -1, to be inferred, and 0 keeps
/// the input's extent of that axis; allowzero (0): whether 0 means an extent of 0 instead.</remarks>
internal sealed class Reshape<T> : ViewFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly long[] _shape;
    private readonly bool _allowZero;

    public Reshape(OperatorSettings settings)
        : base(settings)
    {
        _shape = settings.Integers("shape")!;
        _allowZero = settings.Flag("allowzero");
        if (_shape.Count(extent => extent == -1) > 1)
            throw new AttributeException($"shape is {Wanted}; only one extent may be -1");
        if (_allowZero && _shape.Contains(-1) && _shape.Contains(0))
            throw new AttributeException($"shape is {Wanted}; with allowzero it may not have both 0 and -1");
    }

    private string Wanted => $"[{string.Join(", ", _shape)}]";

    protected override Shape View(Shape input)
    {
        var extents = new int[_shape.Length];
        long known = 1;
        for (var axis = 0; axis < extents.Length; axis++)
        {
            extents[axis] = Extent(input, axis);
            if (extents[axis] >= 0) known *= extents[axis];
        }
        var inferred = Array.IndexOf(extents, -1);
        if (inferred >= 0 && known > 0 && input.Length % known == 0) extents[inferred] = (int)(input.Length / known);
        else if (inferred >= 0 || known != input.Length)
            throw Misfit(
                $"the input's shape {input} has {input.Length} elements, which do not fill the shape {Wanted}");
        return new Shape(extents);
    }

    private int Extent(Shape input, int axis)
    {
        if (_shape[axis] != 0 || _allowZero) return (int)_shape[axis];
        return axis < input.Rank
            ? input[axis]
            : throw Misfit(
                $"shape {Wanted} keeps the extent of axis {axis}, which the input's shape {input} does not have");
    }
}

/// <summary>ONNX Squeeze: the input without axes of extent 1.</summary>
/// <remarks>Attribute: axes (all that have extent 1), negative to count from the last.</remarks>
internal sealed class Squeeze<T>(OperatorSettings settings) : ViewFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[]? _axes = settings.Extents("axes");

    protected override Shape View(Shape input)
    {
        var gone = new bool[input.Rank];
        for (var axis = 0; axis < gone.Length; axis++) gone[axis] = _axes is null && input[axis] == 1;
        foreach (var axis in _axes ?? [])
        {
            var own = AxisOf(input, axis);
            if (input[own] != 1)
                throw Misfit($"axis {axis} of the input's shape {input} has extent {input[own]}; it must be 1");
            gone[own] = true;
        }
        return new Shape([.. input.Dimensions.ToArray().Where((_, axis) => !gone[axis])]);
    }
}

/// <summary>ONNX Unsqueeze: the input with axes of extent 1 inserted.</summary>
/// <remarks>Attribute: axes, where in the result's shape they stand; negative counts from its last.</remarks>
internal sealed class Unsqueeze<T>(OperatorSettings settings) : ViewFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _axes = settings.Extents("axes")!;

    protected override Shape View(Shape input)
    {
        var extents = new int[input.Rank + _axes.Length];
        foreach (var axis in _axes)
        {
            if (axis < -extents.Length || axis >= extents.Length)
            {
                throw Misfit(
                    $"axis {axis} is outside the result's {extents.Length} axes; it must lie in [{-extents.Length}, "
                    + $"{extents.Length - 1}]");
            }
            var own = axis < 0 ? axis + extents.Length : axis;
            if (extents[own] == 1) throw Misfit($"axis {axis} is listed twice in axes");
            extents[own] = 1;
        }
        var kept = 0;
        for (var axis = 0; axis < extents.Length; axis++)
        {
            if (extents[axis] == 0) extents[axis] = input[kept++];
        }
        return new Shape(extents);
    }
}
