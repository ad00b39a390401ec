using System.Numerics;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>ONNX Sqrt: the square root of each element. The pull-back is error / (2 mu).</summary>
public sealed class Sqrt<T> : UnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string OperatorType => "Sqrt";

    /// <inheritdoc/>
    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu) => TensorPrimitives.Sqrt(x, mu);

    /// <inheritdoc/>
    protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        TensorPrimitives.Add(mu, mu, result);
        TensorPrimitives.Divide(error, result, result);
    }
}
