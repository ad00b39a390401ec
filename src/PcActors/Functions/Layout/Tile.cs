using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX Tile: the input repeated along each axis. The pull-back is the sum of the error over the repetitions.</summary>
/// <remarks>Attribute: repeats, one number of repetitions an axis.</remarks>
public sealed class Tile<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _repeats;

    /// <summary>A Tile with the attribute's repetitions.</summary>
    /// <exception cref="AttributeException">They are missing, or negative.</exception>
    public Tile(Attributes attributes)
    {
        Attributes = attributes;
        var repeats = attributes.RequiredIntegers("repeats");
        if (repeats.Any(count => count is < 0 or > int.MaxValue))
            throw new AttributeException($"repeats is [{string.Join(", ", repeats)}]; each must be 0 or more");
        _repeats = Array.ConvertAll(repeats, count => (int)count);
    }

    /// <inheritdoc/>
    public override string OperatorType => "Tile";

    /// <inheritdoc/>
    public override Attributes Attributes { get; }

    /// <inheritdoc/>
    public override int MinInputs => 1;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var shape = inputs[0];
        if (shape.Rank != _repeats.Length)
            throw Misfit($"repeats has {_repeats.Length} numbers and the input's shape {shape} has {shape.Rank} axes; there must be as many");
        var extents = new int[shape.Rank];
        for (var axis = 0; axis < extents.Length; axis++)
        {
            var extent = (long)shape[axis] * _repeats[axis];
            extents[axis] = extent <= int.MaxValue ? (int)extent : throw Misfit($"axis {axis} would have {extent} indices");
        }
        return new Shape(extents);
    }

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        if (prediction.Length == 0) return;
        var loop = Loop(inputs[0].Shape, stackalloc int[StridedLoop.Scratch(2 * inputs[0].Shape.Rank, 1)]);
        do
        {
            var run = prediction.Writable.Slice(loop.Position, loop.Run);
            if (loop.Stride(0) == 0) run.Fill(inputs[0].Span[loop.Offset(0)]);
            else inputs[0].Span.Slice(loop.Offset(0), loop.Run).CopyTo(run);
        }
        while (loop.Next());
    }

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => 0;

    /// <inheritdoc/>
    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) => prediction.Length;

    /// <summary>The loop over the prediction with the input as operand: before each axis comes one for its repetitions.</summary>
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
