using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX Sum: the sum of the inputs, broadcast, first to last. The pull-back is the error.</summary>
public sealed class Sum<T> : VariadicFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string OperatorType => "Sum";

    /// <inheritdoc/>
    public override bool PassesError(int input, ReadOnlySpan<Shape> inputs) => inputs[input].Length == InferShape(inputs).Length;

    /// <inheritdoc/>
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        BroadcastSum.To(error, result);

    /// <inheritdoc/>
    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        inputs[input].Length == prediction.Length ? 0 : prediction.Length;

    private protected override void Join(Span<T> mu, ReadOnlySpan<T> x) => Elements.Add(mu, x, mu);
}
