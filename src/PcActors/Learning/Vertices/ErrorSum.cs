using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Learning.Vertices;

/// <summary>The sum of the consumers' pull-backs: one order for every vertex and for the sequential reference.</summary>
internal static class ErrorSum
{
    /// <summary>Sums pull-backs left to right.</summary>
    /// <param name="pullBacks">In canonical order, at least one, none missing.</param>
    /// <param name="sum">Receives the sum.</param>
    public static void Write<T>(ReadOnlySpan<PullBack<T>?> pullBacks, Tensor<T> sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        pullBacks[0]!.Value.WriteTo(sum);
        for (var i = 1; i < pullBacks.Length; i++) pullBacks[i]!.Value.AddTo(sum);
    }
}
