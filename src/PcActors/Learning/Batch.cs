using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Tensors;

namespace PcActors.Learning;

/// <summary>A batch of data for a graph: one tensor a data leaf, a target for the root, and views of
/// both by micro-batch.</summary>
/// <remarks>Make it once, fill it anew for each step: nothing is allocated then. Its
/// contents must stay as they are until the step has ended.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Batch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<T>[][] _inputViews;
    private readonly Tensor<T>[] _targetViews;

    /// <summary>An empty batch for a graph.</summary>
    /// <param name="graph">Its shapes are those of one micro-batch.</param>
    /// <param name="loss">Gives the target's shape.</param>
    /// <param name="microBatches">Micro-batches a batch, stacked along the outermost axis.</param>
    /// <exception cref="ShapeException">The loss does not fit the root, or there are several micro-batches and a
    /// leaf is a scalar.</exception>
    public Batch(Graph<T> graph, Loss loss, int microBatches)
    {
        MicroBatches = microBatches;
        Leaves = [.. graph.DataLeaves.Select(v => v.Id)];
        Inputs = [.. graph.DataLeaves.Select(v => new Tensor<T>(Stacked(v.Shape, microBatches)))];
        var target = loss.TargetShape(graph.Root.Shape);
        Target = new Tensor<T>(Stacked(target, microBatches));
        Size = Target.Shape[0];
        _inputViews = [.. Inputs.Select((tensor, i) => Views(tensor, graph.Vertices[Leaves[i]].Shape, microBatches))];
        _targetViews = Views(Target, target, microBatches);
    }

    /// <summary>Samples in the batch: the extent of the target's outermost axis.</summary>
    public int Size { get; }

    /// <summary>Micro-batches in the batch.</summary>
    public int MicroBatches { get; }

    /// <summary>Ids of the graph's data leaves, in order.</summary>
    public IReadOnlyList<int> Leaves { get; }

    /// <summary>One tensor a data leaf, in the leaves' order, for filling.</summary>
    public IReadOnlyList<Tensor<T>> Inputs { get; }

    /// <summary>What the root should predict, for filling.</summary>
    public Tensor<T> Target { get; }

    /// <summary>A leaf's part of one micro-batch: a view.</summary>
    /// <param name="leaf">Place among the leaves.</param>
    /// <param name="microBatch">From 0.</param>
    public Tensor<T> Input(int leaf, int microBatch) => _inputViews[leaf][microBatch];

    /// <summary>The target of one micro-batch: a view.</summary>
    public Tensor<T> TargetOf(int microBatch) => _targetViews[microBatch];

    /// <summary>One tensor of micro-batches' tensors, stacked along the outermost axis.</summary>
    internal static Tensor<T> Stack(IReadOnlyList<Tensor<T>> parts)
    {
        if (parts.Count == 1) return parts[0];
        var whole = new Tensor<T>(Stacked(parts[0].Shape, parts.Count));
        for (var m = 0; m < parts.Count; m++) parts[m].Span.CopyTo(whole.Writable[(m * parts[m].Length)..]);
        return whole;
    }

    private static Shape Stacked(Shape shape, int microBatches)
    {
        if (microBatches == 1) return shape;
        return shape.Rank > 0
            ? shape.With(0, shape[0] * microBatches)
            : throw new ShapeException("a scalar has no batch axis and cannot be cut into micro-batches");
    }

    private static Tensor<T>[] Views(Tensor<T> tensor, Shape part, int count) => count == 1
        ? [tensor]
        : [.. Enumerable.Range(0, count).Select(m => tensor.Rows(m * part[0], part[0]))];
}

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
        var fits = batch.MicroBatches == microBatches && batch.Leaves.Count == _leaves.Length
            && batch.TargetOf(0).Shape.Equals(_target);
        for (var i = 0; fits && i < _leaves.Length; i++)
            fits = batch.Leaves[i] == _leaves[i].Id && batch.Input(i, 0).Shape.Equals(_leaves[i].Shape);
        return fits
            ? batch
            : throw new ArgumentException("the batch was made for another network; NewBatch() makes one that fits",
                nameof(batch));
    }
}
