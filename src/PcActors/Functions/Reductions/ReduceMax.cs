using System.Numerics;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>ONNX ReduceMax: the largest element over axes; NaN where one is NaN, minus infinity over none.</summary>
/// <remarks>The pull-back is the error to the element that was chosen; where several tie, each gets an equal share.</remarks>
public sealed class ReduceMax<T> : ExtremumReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A reduction over the attributes' axes.</summary>
    public ReduceMax(Attributes attributes)
        : base(attributes)
    {
    }

    /// <inheritdoc/>
    public override string OperatorType => "ReduceMax";

    private protected override T OfNothing => T.NegativeInfinity;

    private protected override void Join(Span<T> mu, ReadOnlySpan<T> x)
    {
        if (mu.Length == x.Length) TensorPrimitives.Max(mu, x, mu);
        else mu[0] = T.Max(mu[0], TensorPrimitives.Max(x));
    }
}
