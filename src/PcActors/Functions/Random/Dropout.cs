using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX Dropout: in training, 0 for each element with probability ratio, and the others over 1 - ratio; the input as
/// it is otherwise. The pull-back does the same to the error.</summary>
/// <remarks>Attributes: ratio (0.5), training_mode (0), seed (0). The mask, ONNX's reference's, depends on the seed alone, and is the same at each
/// step; the operator <c>Dropout:mask</c> gives it.</remarks>
public sealed class Dropout<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DropoutMask _mask;

    /// <summary>A Dropout with the attributes given.</summary>
    /// <exception cref="AttributeException">The ratio is no probability.</exception>
    public Dropout(Attributes attributes)
    {
        Attributes = attributes;
        _mask = new DropoutMask(attributes);
    }

    /// <inheritdoc/>
    public override string OperatorType => "Dropout";

    /// <inheritdoc/>
    public override Attributes Attributes { get; }

    /// <inheritdoc/>
    public override int MinInputs => 1;

    /// <inheritdoc/>
    public override bool IsView => _mask.KeepsAll;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        return inputs[0];
    }

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction) =>
        _mask.Drop(inputs[0].Span, prediction.Writable);

    /// <inheritdoc/>
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        _mask.Drop(error.Span, result.Writable);

    /// <inheritdoc/>
    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => IsView ? 0 : prediction.Length;
}
