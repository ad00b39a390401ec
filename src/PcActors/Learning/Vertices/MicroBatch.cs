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
