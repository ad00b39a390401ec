using System.Numerics;
using PcActors.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>ONNX Sub: x - y, element by element, broadcast. The pull-back is the error to x and -error to y.</summary>
public sealed class Sub<T> : BinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string OperatorType => "Sub";

    /// <inheritdoc/>
    public override bool PassesError(int input, ReadOnlySpan<Shape> inputs) => input == 0 && !IsBroadcast(input, inputs);

    /// <inheritdoc/>
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        BroadcastSum.To(error, result);
        // A negation is exact, so it commutes with the sum.
        if (input == 1) TensorPrimitives.Negate(result.Span, result.Writable);
    }

    /// <inheritdoc/>
    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        inputs[input].Length == prediction.Length ? 0 : prediction.Length;

    /// <inheritdoc/>
    protected override void Predict(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> mu) => Elements.Subtract(x, y, mu);

    /// <inheritdoc/>
    protected override void PullBack(
        int input, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        if (input == 0) error.CopyTo(result);
        else TensorPrimitives.Negate(error, result);
    }
}
