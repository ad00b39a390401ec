using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX Concat: the inputs, one after the other, along an axis. The pull-back is the input's part of the error.</summary>
/// <remarks>Attribute: axis, which must be set; negative counts from the last.</remarks>
public sealed class Concat<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _axis;

    /// <summary>A Concat along the attribute's axis.</summary>
    /// <exception cref="AttributeException">The axis is missing.</exception>
    public Concat(Attributes attributes)
    {
        Attributes = attributes;
        _axis = attributes.RequiredAxis("axis");
    }

    /// <inheritdoc/>
    public override string OperatorType => "Concat";

    /// <inheritdoc/>
    public override Attributes Attributes { get; }

    /// <inheritdoc/>
    public override int MinInputs => 1;

    /// <inheritdoc/>
    public override int MaxInputs => int.MaxValue;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var first = inputs[0];
        var axis = AxisOf(first, _axis);
        var extent = 0;
        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i].Rank != first.Rank || !inputs[i].With(axis, first[axis]).Equals(first))
                throw Misfit($"input {i} is {inputs[i]} and input 0 is {first}; they may differ along axis {axis} alone");
            extent += inputs[i][axis];
        }
        return first.With(axis, extent);
    }

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        if (prediction.Length == 0) return;
        var (row, inner) = Blocks(prediction.Shape);
        var at = 0;
        foreach (var x in inputs)
        {
            var part = x.Shape[_axis] * inner;
            Copy(x.Span, part, prediction.Writable[at..], row, part);
            at += part;
        }
    }

    /// <inheritdoc/>
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (result.Length == 0) return;
        var (row, inner) = Blocks(error.Shape);
        var at = 0;
        for (var i = 0; i < input; i++) at += inputs[i].Shape[_axis] * inner;
        var part = result.Shape[_axis] * inner;
        Copy(error.Span[at..], row, result.Writable, part, part);
    }

    /// <inheritdoc/>
    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => 0;

    /// <summary>Elements from one index before the axis to the next, and from one index of the axis to the next.</summary>
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
