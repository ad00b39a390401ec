using System.Numerics;

namespace PcActors.Functions;

/// <summary>ONNX ReduceMean: the mean over axes. The pull-back is the error, spread over them, over the number of terms.</summary>
/// <remarks>The mean of no terms is NaN.</remarks>
public sealed class ReduceMean<T> : LinearReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A mean over the attributes' axes.</summary>
    public ReduceMean(Attributes attributes)
        : base(attributes)
    {
    }

    /// <inheritdoc/>
    public override string OperatorType => "ReduceMean";

    private protected override T Divisor(int terms) => T.CreateChecked(terms);
}
