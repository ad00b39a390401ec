using System.Numerics;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>ONNX Reciprocal: 1 / x of each element. The pull-back is -mu^2 error.</summary>
public sealed class Reciprocal<T> : UnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string OperatorType => "Reciprocal";

    /// <inheritdoc/>
    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu) => TensorPrimitives.Divide(T.One, x, mu);

    /// <inheritdoc/>
    protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        TensorPrimitives.Multiply(mu, mu, result);
        TensorPrimitives.Multiply(error, result, result);
        TensorPrimitives.Negate(result, result);
    }
}
