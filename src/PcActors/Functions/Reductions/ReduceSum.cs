using System.Numerics;

namespace PcActors.Functions;

/// <summary>ONNX ReduceSum: the sum over axes. The pull-back is the error, spread over them.</summary>
public sealed class ReduceSum<T> : LinearReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A sum over the attributes' axes.</summary>
    public ReduceSum(Attributes attributes)
        : base(attributes)
    {
    }

    /// <inheritdoc/>
    public override string OperatorType => "ReduceSum";

    private protected override T Divisor(int terms) => T.One;
}
