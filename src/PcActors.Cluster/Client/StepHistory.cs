using System.Numerics;
using PcActors.Learning;

namespace PcActors.Cluster.Client;

/// <summary>Copies of the batches of the steps since a checkpoint: what has to be made again
/// when a node is lost.</summary>
/// <param name="newBatch">Makes a batch.</param>
/// <param name="start">Training steps before the first one here.</param>
internal sealed class StepHistory<T>(Func<Batch<T>> newBatch, long start)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<Batch<T>> _batches = [];
    private readonly Stack<Batch<T>> _spare = [];

    /// <summary>Training steps before the first one here.</summary>
    public long Start { get; private set; } = start;

    /// <summary>Steps here.</summary>
    public int Count => _batches.Count;

    /// <summary>Training steps up to the last one here.</summary>
    public long End => Start + Count;

    /// <summary>A step's batch.</summary>
    public Batch<T> this[int index] => _batches[index];

    /// <summary>Copies a batch.</summary>
    public void Add(Batch<T> batch)
    {
        if (!_spare.TryPop(out var copy)) copy = newBatch();
        for (var i = 0; i < batch.Inputs.Count; i++) batch.Inputs[i].Span.CopyTo(copy.Inputs[i].Writable);
        batch.Target.Span.CopyTo(copy.Target.Writable);
        _batches.Add(copy);
    }

    /// <summary>Forgets the steps up to one: a checkpoint holds what they came to.</summary>
    public void DropUntil(long step)
    {
        var count = (int)Math.Clamp(step - Start, 0, Count);
        foreach (var batch in _batches[..count]) _spare.Push(batch);
        _batches.RemoveRange(0, count);
        Start += count;
    }
}
