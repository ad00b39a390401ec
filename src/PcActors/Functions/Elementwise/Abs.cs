using System.Numerics;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>ONNX Abs: |x| of each element. The pull-back is the error with x's sign, and 0 where x is 0.</summary>
public sealed class Abs<T> : UnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string OperatorType => "Abs";

    /// <inheritdoc/>
    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu) => TensorPrimitives.Abs(x, mu);

    /// <inheritdoc/>
    protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        for (var i = 0; i < result.Length; i++) result[i] = x[i] > T.Zero ? error[i] : x[i] < T.Zero ? -error[i] : T.Zero;
    }
}
