using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX Expand: the input broadcast together with a shape. The pull-back is the sum of the error over the axes along
/// which it is repeated.</summary>
/// <remarks>Attribute: shape; an extent of 1, or an axis that it lacks, keeps the input's.</remarks>
public sealed class Expand<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Shape _shape;

    /// <summary>An Expand to the attribute's shape.</summary>
    /// <exception cref="AttributeException">The shape is missing or no shape.</exception>
    public Expand(Attributes attributes)
    {
        Attributes = attributes;
        var extents = attributes.RequiredIntegers("shape");
        if (extents.Any(extent => extent is < 0 or > int.MaxValue))
            throw new AttributeException($"shape is [{string.Join(", ", extents)}]; extents are 0 or more");
        _shape = new Shape(Array.ConvertAll(extents, extent => (int)extent));
    }

    /// <inheritdoc/>
    public override string OperatorType => "Expand";

    /// <inheritdoc/>
    public override Attributes Attributes { get; }

    /// <inheritdoc/>
    public override int MinInputs => 1;

    /// <inheritdoc/>
    public override bool PassesError(int input, ReadOnlySpan<Shape> inputs) => inputs[0].Length == InferShape(inputs).Length;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        return BroadcastShape(inputs[0], _shape);
    }

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        if (prediction.Length == 0) return;
        Span<int> scratch = stackalloc int[StridedLoop.Scratch(prediction.Shape.Rank, 1)];
        var loop = StridedLoop.Broadcast(prediction.Shape, scratch, inputs[0].Shape);
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
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        BroadcastSum.To(error, result);

    /// <inheritdoc/>
    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => 0;

    /// <inheritdoc/>
    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) => prediction.Length;
}
