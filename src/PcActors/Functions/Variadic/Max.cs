using System.Numerics;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>ONNX Max: the largest of the inputs' elements in each place, broadcast; NaN where one is NaN.</summary>
/// <remarks>The pull-back is the error to the input that has it; where several tie, each gets an equal share.</remarks>
public sealed class Max<T> : Extremum<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string OperatorType => "Max";

    private protected override void Join(Span<T> mu, ReadOnlySpan<T> x)
    {
        if (x.Length == mu.Length) TensorPrimitives.Max(mu, x, mu);
        else TensorPrimitives.Max(mu, x[0], mu);
    }
}
