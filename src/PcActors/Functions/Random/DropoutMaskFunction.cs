using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>The second output of ONNX Dropout: 1 for each element that is kept, 0 for the others. Nothing is pulled back.</summary>
/// <remarks>Attributes: as Dropout's.</remarks>
public sealed class DropoutMaskFunction<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DropoutMask _mask;

    /// <summary>The mask of a Dropout with the attributes given.</summary>
    /// <exception cref="AttributeException">The ratio is no probability.</exception>
    public DropoutMaskFunction(Attributes attributes)
    {
        Attributes = attributes;
        _mask = new DropoutMask(attributes);
    }

    /// <inheritdoc/>
    public override string OperatorType => "Dropout:mask";

    /// <inheritdoc/>
    public override Attributes Attributes { get; }

    /// <inheritdoc/>
    public override int MinInputs => 1;

    /// <inheritdoc/>
    public override bool IsDifferentiable(int input) => false;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        return inputs[0];
    }

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction) => _mask.Fill(prediction.Writable);

    /// <inheritdoc/>
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        result.Writable.Clear();

    /// <inheritdoc/>
    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => 0;
}
