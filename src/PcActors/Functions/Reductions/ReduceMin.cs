using System.Numerics;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>ONNX ReduceMin: the smallest element over axes; NaN where one is NaN, infinity over none.</summary>
/// <remarks>The pull-back is the error to the element that was chosen; where several tie, each gets an equal share.</remarks>
public sealed class ReduceMin<T> : ExtremumReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A reduction over the attributes' axes.</summary>
    public ReduceMin(Attributes attributes)
        : base(attributes)
    {
    }

    /// <inheritdoc/>
    public override string OperatorType => "ReduceMin";

    private protected override T OfNothing => T.PositiveInfinity;

    private protected override void Join(Span<T> mu, ReadOnlySpan<T> x)
    {
        if (mu.Length == x.Length) TensorPrimitives.Min(mu, x, mu);
        else mu[0] = T.Min(mu[0], TensorPrimitives.Min(x));
    }
}
