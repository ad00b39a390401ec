using System.Numerics;
using PcActors.Tensors.Kernels;

namespace PcActors.Functions;

/// <summary>ONNX Tanh: the hyperbolic tangent of each element. The pull-back is (1 - mu^2) error.</summary>
public sealed class Tanh<T> : UnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string OperatorType => "Tanh";

    /// <inheritdoc/>
    protected override int ElementCost => Flops.Transcendental;

    /// <inheritdoc/>
    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu) => Transcendental.Tanh(x, mu);

    /// <inheritdoc/>
    protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result) =>
        Arithmetic.TanhPullBack(mu, error, result);
}
