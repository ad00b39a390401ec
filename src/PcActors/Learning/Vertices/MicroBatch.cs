using System.Numerics;
using PcActors.Learning.Losses;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Learning.Vertices;

/// <summary>What a function vertex holds for one micro-batch in flight, under any clock.</summary>
/// <param name="vertex">The vertex.</param>
/// <param name="factors">Whether pull-backs to what does not depend on data may travel factored.</param>
/// <param name="buffers">What pull-backs are rented from; null for buffers of its own.</param>
internal abstract class MicroBatch<T>(VertexDescription<T> vertex, bool factors, BufferPool<T>? buffers = null)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private double[] _losses = [];
    private Tensor<T>? _masked;

    public Evaluation<T> Evaluation { get; } = new(vertex, factors, buffers);

    /// <summary>mu(0).</summary>
    public abstract Tensor<T> InitialPrediction { get; }

    /// <summary>What consumers read now.</summary>
    public virtual Tensor<T> CurrentValue => InitialPrediction;

    /// <summary>Whether all inputs' values at time 0 have come, and it has predicted.</summary>
    public bool IsPredicted { get; set; }

    public bool IsRequested { get; set; }

    public bool IsConcluded { get; set; }

    public ClampTarget<T>? Target { get; set; }

    /// <summary>At the root: the share of the loss in the mean over the batch; the error
    /// becomes its gradient.</summary>
    public double EvaluateLoss(Loss loss, Tensor<T> prediction, ClampTarget<T> target, Tensor<T> error)
    {
        if (target.Target is not { } wanted)
        {
            _losses.AsSpan().Clear();
            error.Writable.Clear();
            return 0;
        }
        if (_losses.Length != wanted.Shape[0]) _losses = new double[wanted.Shape[0]];
        if (target.Mask is { } mask) wanted = Masked(prediction, wanted, mask);
        loss.Evaluate(prediction, wanted, _losses, error);
        return SumOf(_losses) / target.BatchSize;
    }

    /// <summary>At the root: each sample's loss as it stood when it was last evaluated.</summary>
    protected ReadOnlySpan<double> SampleLosses => _losses;

    /// <summary>The target, and the prediction where it does not count: there neither a loss nor an error
    /// remains.</summary>
    private Tensor<T> Masked(Tensor<T> prediction, Tensor<T> target, Tensor<T> mask)
    {
        var masked = _masked ??= new Tensor<T>(target.Shape);
        for (var i = 0; i < target.Length; i++)
            masked.Writable[i] = mask.Span[i] == T.Zero ? prediction.Span[i] : target.Span[i];
        return masked;
    }

    private static double SumOf(ReadOnlySpan<double> losses)
    {
        var sum = 0.0;
        foreach (var loss in losses) sum += loss;
        return sum;
    }

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

    /// <summary>The sum of pull-backs, which are used up; to be released by whoever takes it.</summary>
    /// <param name="pullBacks">In canonical order, at least one, none missing.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="buffers">What the sum is rented from; null for a buffer that stays.</param>
    /// <param name="kept">That buffer, made when it is first wanted.</param>
    public static Tensor<T> Take<T>(
        ReadOnlySpan<PullBack<T>?> pullBacks, Shape shape, BufferPool<T>? buffers, ref Tensor<T>? kept)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var first = pullBacks[0]!.Value;
        if (pullBacks.Length == 1 && first.Whole is { } only) return only;
        Tensor<T> sum;
        if (first.Whole is { IsHeldAlone: true } free)
        {
            sum = free;
        }
        else
        {
            sum = buffers?.Rent(shape) ?? (kept ??= new Tensor<T>(shape));
            first.WriteTo(sum);
            first.Release();
        }
        foreach (var pullBack in pullBacks[1..])
        {
            pullBack!.Value.AddTo(sum);
            pullBack.Value.Release();
        }
        return sum;
    }
}
