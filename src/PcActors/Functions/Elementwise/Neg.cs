using System.Numerics;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>ONNX Neg: -x of each element. The pull-back is -error.</summary>
public sealed class Neg<T> : UnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string OperatorType => "Neg";

    /// <inheritdoc/>
    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu) => TensorPrimitives.Negate(x, mu);

    /// <inheritdoc/>
    protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result) =>
        TensorPrimitives.Negate(error, result);
}
