using System.Numerics;
using PcActors.Tensors.Kernels;

namespace PcActors.Functions;

/// <summary>ONNX Sigmoid: 1 / (1 + e^-x) of each element. The pull-back is mu (1 - mu) error.</summary>
public sealed class Sigmoid<T> : UnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string OperatorType => "Sigmoid";

    /// <inheritdoc/>
    protected override int ElementCost => Flops.Transcendental;

    /// <inheritdoc/>
    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu) => Transcendental.Sigmoid(x, mu);

    /// <inheritdoc/>
    protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result) =>
        Arithmetic.SigmoidPullBack(mu, error, result);
}
