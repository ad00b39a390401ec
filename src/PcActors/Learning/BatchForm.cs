using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Tensors;

namespace PcActors.Learning;

/// <summary>What a batch for a network looks like: its leaves, their shapes and the target's.</summary>
internal sealed class BatchForm<T>(Graph<T> graph, Loss loss, int microBatches)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vertex<T>[] _leaves = [.. graph.DataLeaves];
    private readonly Shape _target = loss.TargetShape(graph.Root.Shape);

    /// <summary>The batch, if it is one.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public Batch<T> Require(Batch<T> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var fits = batch.MicroBatches == microBatches && batch.Leaves.Count == _leaves.Length && batch.TargetOf(0).Shape.Equals(_target);
        for (var i = 0; fits && i < _leaves.Length; i++)
            fits = batch.Leaves[i] == _leaves[i].Id && batch.Input(i, 0).Shape.Equals(_leaves[i].Shape);
        return fits ? batch : throw new ArgumentException("the batch was made for another network; NewBatch() makes one that fits", nameof(batch));
    }
}
