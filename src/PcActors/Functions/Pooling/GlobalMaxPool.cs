using System.Numerics;
using PcActors.Tensors.Kernels;

namespace PcActors.Functions;

/// <summary>ONNX GlobalMaxPool: the largest element of each channel. The pull-back is the error to the first of them.</summary>
public sealed class GlobalMaxPool<T> : GlobalPooling<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string OperatorType => "GlobalMaxPool";

    private protected override T Pool(ReadOnlySpan<T> x) => Reductions.Max(x);

    private protected override void PullBack(ReadOnlySpan<T> x, T mu, T error, Span<T> result)
    {
        result.Clear();
        var first = 0;
        while (x[first] < mu) first++;
        result[first] = error;
    }
}
