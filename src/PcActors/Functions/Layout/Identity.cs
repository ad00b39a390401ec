using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX Identity: the input as it is.</summary>
public sealed class Identity<T> : ViewFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string OperatorType => "Identity";

    /// <inheritdoc/>
    protected override Shape View(Shape input) => input;
}
