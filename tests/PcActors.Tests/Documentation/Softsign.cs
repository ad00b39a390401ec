using System.Numerics;
using PcActors.Functions;

namespace PcActors.Tests.Documentation;

/// <summary>ONNX Softsign: x / (1 + |x|) of each element. The pull-back is error / (1 + |x|)^2.</summary>
public sealed class Softsign<T> : UnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string OperatorType => "Softsign";

    /// <inheritdoc/>
    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu)
    {
        for (var i = 0; i < mu.Length; i++) mu[i] = x[i] / (T.One + T.Abs(x[i]));
    }

    /// <inheritdoc/>
    protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            var width = T.One + T.Abs(x[i]);
            result[i] = error[i] / (width * width);
        }
    }
}
