using System.Numerics;
using PcActors.Tensors.Kernels;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>ONNX Exp: e^x of each element. The pull-back is mu error.</summary>
public sealed class Exp<T> : UnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string OperatorType => "Exp";

    /// <inheritdoc/>
    protected override int ElementCost => Flops.Transcendental;

    /// <inheritdoc/>
    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu) => Transcendental.Exp(x, mu);

    /// <inheritdoc/>
    protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result) =>
        TensorPrimitives.Multiply(mu, error, result);
}
