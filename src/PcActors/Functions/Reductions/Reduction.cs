using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>A function that reduces one input over some of its axes, such as ReduceSum.</summary>
/// <remarks>Attributes: axes (none: all of them, or, with noop_with_empty_axes = 1, no axis), negative to count from the
/// last; keepdims (1): whether a reduced axis stays, with extent 1. A reduction over no axis still does to each element what
/// it does to a sum of one: ReduceSumSquare squares it.</remarks>
public abstract class Reduction<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReducedAxes _axes;
    private readonly bool _keepDimensions;

    /// <summary>A reduction over the attributes' axes.</summary>
    private protected Reduction(Attributes attributes)
    {
        Attributes = attributes;
        var axes = attributes.Axes("axes") ?? [];
        _axes = new ReducedAxes(axes, axes.Length == 0 && !attributes.Flag("noop_with_empty_axes", false));
        _keepDimensions = attributes.Flag("keepdims", true);
    }

    /// <inheritdoc/>
    public sealed override Attributes Attributes { get; }

    /// <inheritdoc/>
    public sealed override int MinInputs => 1;

    /// <inheritdoc/>
    public sealed override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var shape = inputs[0];
        var seen = new HashSet<int>();
        foreach (var axis in _axes.Listed)
        {
            if (!seen.Add(AxisOf(shape, axis))) throw Misfit($"axis {axis} is listed twice in axes");
        }
        var extents = new List<int>();
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (!_axes.Contains(axis, shape.Rank)) extents.Add(shape[axis]);
            else if (_keepDimensions) extents.Add(1);
        }
        return new Shape([.. extents]);
    }

    /// <inheritdoc/>
    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => inputs[0].Length;

    /// <summary>The loop over the input in which the prediction is the first operand, with stride 0 along reduced axes.</summary>
    /// <param name="input">The input's shape, not empty.</param>
    /// <param name="scratch">Of <see cref="StridedLoop.Scratch"/> elements for one operand.</param>
    private protected StridedLoop Loop(Shape input, Span<int> scratch) => _axes.Loop(input, scratch);
}
