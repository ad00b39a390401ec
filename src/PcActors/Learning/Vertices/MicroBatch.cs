using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Learning.Vertices;

/// <summary>What a function vertex holds for one micro-batch in flight, under any clock.</summary>
/// <param name="vertex">The vertex.</param>
/// <param name="factors">Whether pull-backs to what does not depend on data may travel factored.</param>
internal abstract class MicroBatch<T>(VertexDescription<T> vertex, bool factors)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Evaluation<T> Evaluation { get; } = new(vertex, factors);

    /// <summary>mu(0).</summary>
    public abstract Tensor<T> InitialPrediction { get; }

    /// <summary>Whether all inputs' values at time 0 have come, and it has predicted.</summary>
    public bool IsPredicted { get; set; }

    public bool IsRequested { get; set; }

    public bool IsConcluded { get; set; }

    public ClampTarget<T>? Target { get; set; }

    public virtual void Reset()
    {
        Evaluation.Inputs.AsSpan().Clear();
        IsPredicted = IsRequested = IsConcluded = false;
        Target = null;
    }
}

/// <summary>The sum of the consumers' pull-backs: one order for every vertex and for the
/// sequential reference.</summary>
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
