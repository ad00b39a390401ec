using System.Numerics;
using PcActors.Tensors.Kernels;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>ONNX Log: the natural logarithm of each element. The pull-back is error / x.</summary>
public sealed class Log<T> : UnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string OperatorType => "Log";

    /// <inheritdoc/>
    protected override int ElementCost => Flops.Transcendental;

    /// <inheritdoc/>
    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu) => Transcendental.Log(x, mu);

    /// <inheritdoc/>
    protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result) =>
        TensorPrimitives.Divide(error, x, result);
}
