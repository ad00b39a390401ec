using System.Numerics;
using PcActors.Tensors.Kernels;

namespace PcActors.Functions;

/// <summary>ONNX GlobalAveragePool: the mean of each channel. The pull-back gives each of its elements the same share.</summary>
public sealed class GlobalAveragePool<T> : GlobalPooling<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string OperatorType => "GlobalAveragePool";

    private protected override T Pool(ReadOnlySpan<T> x) => Reductions.Sum(x) / T.CreateTruncating(x.Length);

    private protected override void PullBack(ReadOnlySpan<T> x, T mu, T error, Span<T> result) =>
        result.Fill(error / T.CreateTruncating(x.Length));
}
