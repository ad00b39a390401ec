using System.Numerics;
using PcActors.Learning;

namespace PcActors.Clustering;

/// <summary>Copies of the batches of the steps since the last snapshot: what has to be made again when a node is lost.</summary>
internal sealed class StepHistory<T>(ClusterRun<T> run)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<Batch<T>> _batches = [];
    private readonly Stack<Batch<T>> _spare = [];

    /// <summary>Steps since the last snapshot.</summary>
    public int Count => _batches.Count;

    /// <summary>Whether it is time for a snapshot.</summary>
    public bool IsFull => Count >= run.Options.SnapshotEvery;

    /// <summary>A step's batch.</summary>
    public Batch<T> this[int index] => _batches[index];

    /// <summary>Copies a batch.</summary>
    public void Add(Batch<T> batch)
    {
        if (!_spare.TryPop(out var copy)) copy = run.NewBatch();
        for (var i = 0; i < batch.Inputs.Count; i++) batch.Inputs[i].Span.CopyTo(copy.Inputs[i].Writable);
        batch.Target.Span.CopyTo(copy.Target.Writable);
        _batches.Add(copy);
    }

    /// <summary>Forgets the steps: a snapshot holds what they came to.</summary>
    public void Clear()
    {
        foreach (var batch in _batches) _spare.Push(batch);
        _batches.Clear();
    }
}
