using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Sharing;
using static PcActors.Functions.OperatorAttribute;
using static PcActors.Functions.OperatorInput;

namespace PcActors.Functions;

/// <summary>Inputs one after the other, or repeated.</summary>
internal static class JoiningOperators
{
    public static Operator[] All =>
    [
        new("Concat", typeof(Concat<>)) { Inputs = ["inputs..."], Attributes = [Axis("axis").Required] },
        new("Expand", typeof(Expand<>)) { Inputs = ["input", Of(Extents("shape").Required)], Since = 8 },
        new("Tile", typeof(Tile<>)) { Inputs = ["input", Of(Extents("repeats").Required)] },
    ];
}

/// <summary>ONNX Concat: the inputs, one after the other, along an axis. The pull-back is the
/// input's part of the error.</summary>
internal sealed class Concat<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _axis = settings.Axis("axis");

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var first = inputs[0];
        var axis = AxisOf(first, _axis);
        var extent = 0;
        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i].Rank != first.Rank || !inputs[i].With(axis, first[axis]).Equals(first))
                throw Misfit(
                    $"input {i} is {inputs[i]} and input 0 is {first}; they may differ along axis {axis} alone");
            extent += inputs[i][axis];
        }
        return first.With(axis, extent);
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        if (prediction.Length == 0) return;
        var rows = prediction.Length / Blocks(prediction.Shape).Row;
        var parts = KernelThreads.PartsOfElements(2L * prediction.Length, rows);
        if (parts == 1) Predict(0, rows, inputs, prediction);
        else Share(parts, rows, [.. inputs], prediction);
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (result.Length == 0) return;
        var (row, inner) = Blocks(error.Shape);
        var at = 0;
        for (var i = 0; i < input; i++) at += inputs[i].Shape[_axis] * inner;
        var part = result.Shape[_axis] * inner;
        var rows = error.Length / row;
        var parts = KernelThreads.PartsOfElements(2L * result.Length, rows);
        if (parts == 1) Copy(error.Span[at..], row, result.Writable, part, part);
        else PullBack(parts, rows, at, error, result);
    }

    private void Share(int parts, int rows, Tensor<T>[] inputs, Tensor<T> prediction) =>
        KernelThreads.Run(parts, part => Predict(
            KernelThreads.Start(part, parts, rows), KernelThreads.Start(part + 1, parts, rows), inputs, prediction));

    private void Predict(int first, int end, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var (row, inner) = Blocks(prediction.Shape);
        var at = first * row;
        foreach (var x in inputs)
        {
            var part = x.Shape[_axis] * inner;
            Copy(x.Span[(first * part)..(end * part)], part, prediction.Writable[at..], row, part);
            at += part;
        }
    }

    private static void PullBack(int parts, int rows, int at, Tensor<T> error, Tensor<T> result)
    {
        var (row, own) = (error.Length / rows, result.Length / rows);
        KernelThreads.Run(parts, part =>
        {
            var first = KernelThreads.Start(part, parts, rows);
            var end = KernelThreads.Start(part + 1, parts, rows);
            Copy(error.Span[((first * row) + at)..], row, result.Writable[(first * own)..(end * own)], own, own);
        });
    }

    /// <summary>Elements from one index before the axis to the next, and from one index of
    /// the axis to the next.</summary>
    private (int Row, int Inner) Blocks(Shape shape)
    {
        var inner = shape.LengthOf(shape.Axis(_axis) + 1, shape.Rank);
        return (shape[_axis] * inner, inner);
    }

    private static void Copy(ReadOnlySpan<T> source, int sourceRow, Span<T> result, int resultRow, int length)
    {
        if (length == 0) return;
        for (var (from, to) = (0, 0); from < source.Length && to < result.Length; from += sourceRow, to += resultRow)
            source.Slice(from, length).CopyTo(result[to..]);
    }
}

/// <summary>ONNX Expand: the input broadcast together with a shape. The pull-back is the sum of
/// the error over the axes along which it is repeated.</summary>
/// <remarks>Attribute: shape; an extent of 1, or an axis that it lacks, keeps the input's.</remarks>
internal sealed class Expand<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Shape _shape = new(settings.Extents("shape")!);

    public override bool PassesError(int input, ReadOnlySpan<Shape> inputs) =>
        inputs[0].Length == InferShape(inputs).Length;

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        return BroadcastShape(inputs[0], _shape);
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        if (prediction.Length == 0) return;
        Span<int> scratch = stackalloc int[StridedLoop.Scratch(prediction.Shape.Rank, 1)];
        BroadcastSum.Spread(StridedLoop.Broadcast(prediction.Shape, scratch, inputs[0].Shape), inputs[0].Span,
            prediction.Writable);
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        BroadcastSum.To(error, result);

    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) => prediction.Length;
}

/// <summary>ONNX Tile: the input repeated along each axis. The pull-back is the sum of the error
/// over the repetitions.</summary>
/// <remarks>Attribute: repeats, one number of repetitions an axis.</remarks>
internal sealed class Tile<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _repeats = settings.Extents("repeats")!;

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var shape = inputs[0];
        if (shape.Rank != _repeats.Length)
            throw Misfit(
                $"repeats has {_repeats.Length} numbers and the input's shape {shape} has {shape.Rank} axes; there "
                + "must be as many");
        var extents = new int[shape.Rank];
        for (var axis = 0; axis < extents.Length; axis++)
        {
            var extent = (long)shape[axis] * _repeats[axis];
            extents[axis] = extent <= int.MaxValue
                ? (int)extent
                : throw Misfit($"axis {axis} would have {extent} indices");
        }
        return new Shape(extents);
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        if (prediction.Length == 0) return;
        BroadcastSum.Spread(Loop(inputs[0].Shape, stackalloc int[StridedLoop.Scratch(2 * inputs[0].Shape.Rank, 1)]),
            inputs[0].Span, prediction.Writable);
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (error.Length == 0) result.Writable.Clear();
        else
        {
            var loop = Loop(result.Shape, stackalloc int[StridedLoop.Scratch(2 * result.Shape.Rank, 1)]);
            BroadcastSum.Over(loop, error.Span, result.Writable);
        }
    }

    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) => prediction.Length;

    /// <summary>The loop over the prediction with the input as operand: before each axis comes one
    /// for its repetitions.</summary>
    private StridedLoop Loop(Shape input, Span<int> scratch)
    {
        var loop = new StridedLoop(1, scratch);
        var rest = input.Length;
        for (var axis = 0; axis < input.Rank; axis++)
        {
            rest /= input.Dimensions[axis];
            loop.Append(_repeats[axis], 0);
            loop.Append(input.Dimensions[axis], rest);
        }
        return loop;
    }
}
