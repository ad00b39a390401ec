using System.Numerics;
using PcActors.Tensors;
using static PcActors.Functions.OperatorAttribute;
using static PcActors.Functions.OperatorInput;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>Sums and means over axes.</summary>
internal static class LinearReductionOperators
{
    public static Operator[] All =>
    [
        Over("ReduceMean", 18, typeof(ReduceMean<>)),
        Over("ReduceSum", 13, typeof(ReduceSum<>)),
    ];

    /// <summary>A reduction over axes.</summary>
    /// <param name="name">The operator type.</param>
    /// <param name="since">The opset from which on the axes are an input.</param>
    /// <param name="function">The function.</param>
    /// <param name="arguments">Its type arguments after the element type.</param>
    internal static Operator Over(string name, int since, Type function, params Type[] arguments) =>
        new(name, function, arguments)
        {
            Inputs = ["data", Of(Axes("axes"), since)],
            Attributes = [Flag("keepdims", true), Flag("noop_with_empty_axes")],
        };
}

/// <summary>Axes over which a function reduces or normalises, or all of them.</summary>
/// <param name="axes">The axes, negative to count from the last.</param>
/// <param name="all">Whether it is all axes instead.</param>
internal sealed class ReducedAxes(int[] axes, bool all)
{
    /// <summary>The axes as they were given.</summary>
    public ReadOnlySpan<int> Listed => axes;

    /// <summary>Whether an axis, counted from 0, is reduced.</summary>
    public bool Contains(int axis, int rank)
    {
        if (all) return true;
        foreach (var reduced in axes)
        {
            if (reduced == axis || reduced == axis - rank) return true;
        }
        return false;
    }

    /// <summary>How many elements are left of a shape.</summary>
    public int LengthLeft(Shape shape)
    {
        var length = 1;
        for (var axis = 0; axis < shape.Rank; axis++) length *= Contains(axis, shape.Rank) ? 1 : shape.Dimensions[axis];
        return length;
    }

    /// <summary>The loop over a shape in which what is left of it is the first operand, with stride 0
    /// along reduced axes.</summary>
    /// <param name="shape">The shape, not empty.</param>
    /// <param name="scratch">Of <see cref="StridedLoop.Scratch"/> elements for one operand.</param>
    public StridedLoop Loop(Shape shape, Span<int> scratch)
    {
        var rest = LengthLeft(shape);
        var loop = new StridedLoop(1, scratch);
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            var reduced = Contains(axis, shape.Rank);
            rest /= reduced ? 1 : shape.Dimensions[axis];
            loop.Append(shape.Dimensions[axis], reduced ? 0 : rest);
        }
        return loop;
    }
}

/// <summary>A function that reduces one input over some of its axes, such as ReduceSum.</summary>
/// <remarks>Attributes: axes (none: all of them, or, with noop_with_empty_axes = 1, no
/// axis), negative to count from the last; keepdims (1): whether a reduced axis stays, with extent 1. A reduction over
/// no axis still does to each element what it does to a sum of one: ReduceSumSquare squares it.</remarks>
internal abstract class Reduction<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReducedAxes _axes = new(
        settings.Extents("axes") ?? [],
        settings.Extents("axes") is not { Length: > 0 } && !settings.Flag("noop_with_empty_axes"));

    private readonly bool _keepDimensions = settings.Flag("keepdims");

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

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => inputs[0].Length;

    /// <summary>The loop over the input in which the prediction is the first operand, with stride 0
    /// along reduced axes.</summary>
    /// <param name="input">The input's shape, not empty.</param>
    /// <param name="scratch">Of <see cref="StridedLoop.Scratch"/> elements for one operand.</param>
    protected StridedLoop Loop(Shape input, Span<int> scratch) => _axes.Loop(input, scratch);
}

/// <summary>A sum over axes, divided by a number that depends on the shapes alone.</summary>
internal abstract class LinearReduction<T>(OperatorSettings settings) : Reduction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public sealed override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var x = inputs[0];
        var mu = prediction.Writable;
        if (mu.IsEmpty) return;
        if (x.Length == mu.Length) x.Span.CopyTo(mu);
        else if (x.Length == 0) mu.Clear();
        else BroadcastSum.Over(Loop(x.Shape, stackalloc int[StridedLoop.Scratch(x.Shape.Rank, 1)]), x.Span, mu);
        Divide(mu, Divisor(x.Length / mu.Length));
    }

    public sealed override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var eps = error.Span;
        var pulled = result.Writable;
        if (pulled.IsEmpty) return;
        if (pulled.Length == eps.Length)
        {
            eps.CopyTo(pulled);
            return;
        }
        BroadcastSum.Spread(Loop(result.Shape, stackalloc int[StridedLoop.Scratch(result.Shape.Rank, 1)]), eps, pulled);
        Divide(pulled, Divisor(pulled.Length / eps.Length));
    }

    /// <summary>What the sum is divided by.</summary>
    /// <param name="terms">How many terms each sum has.</param>
    protected abstract T Divisor(int terms);

    private static void Divide(Span<T> sums, T divisor)
    {
        if (divisor != T.One) TensorPrimitives.Divide(sums, divisor, sums);
    }
}

/// <summary>ONNX ReduceSum: the sum over axes. The pull-back is the error, spread over them.</summary>
internal sealed class ReduceSum<T>(OperatorSettings settings) : LinearReduction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override T Divisor(int terms) => T.One;
}

/// <summary>ONNX ReduceMean: the mean over axes. The pull-back is the error, spread over them, over
/// the number of terms.</summary>
/// <remarks>The mean of no terms is NaN.</remarks>
internal sealed class ReduceMean<T>(OperatorSettings settings) : LinearReduction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override T Divisor(int terms) => T.CreateChecked(terms);
}
