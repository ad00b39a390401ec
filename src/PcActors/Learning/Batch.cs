using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Tensors;

namespace PcActors.Learning;

/// <summary>A batch of data for a graph: one tensor for each vertex that training steps clamp, a target for the root,
/// and views of both by micro-batch.</summary>
/// <remarks>Those vertices are the data leaves that are not free, and whatever else the run names as clamped; a free
/// leaf has no tensor. Make a batch once, fill it anew for each step: nothing is allocated then. Its
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
    /// <param name="clamped">Latent vertices and free leaves that training steps clamp, as in
    /// <see cref="VertexOptions.Clamped"/>; null for none.</param>
    /// <exception cref="ShapeException">The loss does not fit the root, or there are several micro-batches and a
    /// clamped vertex is a scalar.</exception>
    /// <exception cref="GraphException">The graph has no vertex of a name.</exception>
    public Batch(Graph<T> graph, Loss loss, int microBatches, IReadOnlyList<string>? clamped = null)
    {
        MicroBatches = microBatches;
        var vertices = ClampedVertices.Of(graph, clamped ?? []);
        Clamped = [.. vertices.Select(v => v.Id)];
        Inputs = [.. vertices.Select(v => new Tensor<T>(Stacked(v.Shape, microBatches)))];
        var target = loss.TargetShape(graph.Root.Shape);
        Target = new Tensor<T>(Stacked(target, microBatches));
        Size = Target.Shape[0];
        Loss = loss;
        // A root that is a scalar is the loss of all samples at once.
        Samples = !TakesTarget && graph.Root.Shape.Length == 1 && Inputs is [{ Shape.Rank: > 0 } first, ..]
            ? first.Shape[0] : Size;
        _inputViews = [.. Inputs.Select((tensor, i) => Views(tensor, vertices[i].Shape, microBatches))];
        _targetViews = Views(Target, target, microBatches);
    }

    /// <summary>Samples in the batch: the extent of the target's outermost axis. Where the root is a scalar that is the
    /// loss itself, a micro-batch counts as one.</summary>
    public int Size { get; }

    /// <summary>Rows of what is fed: <see cref="Size"/>, but where a micro-batch counts as one sample.</summary>
    internal int Samples { get; }

    /// <summary>Whether anybody reads <see cref="Target"/>.</summary>
    internal bool TakesTarget => Loss.TakesTarget;

    /// <summary>What gave the target's shape.</summary>
    internal Loss Loss { get; }

    /// <summary>Micro-batches in the batch.</summary>
    public int MicroBatches { get; }

    /// <summary>Ids of the vertices that have a tensor: data leaves in the graph's order, then latent vertices in that
    /// of their names.</summary>
    public IReadOnlyList<int> Clamped { get; }

    /// <summary>One tensor for each of <see cref="Clamped"/>, in their order, for filling.</summary>
    public IReadOnlyList<Tensor<T>> Inputs { get; }

    /// <summary>What the root should predict, for filling.</summary>
    public Tensor<T> Target { get; }

    /// <summary>A clamped vertex's part of one micro-batch: a view.</summary>
    /// <param name="place">Place among <see cref="Clamped"/>.</param>
    /// <param name="microBatch">From 0.</param>
    public Tensor<T> Input(int place, int microBatch) => _inputViews[place][microBatch];

    /// <summary>The target of one micro-batch: a view.</summary>
    public Tensor<T> TargetOf(int microBatch) => _targetViews[microBatch];

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

/// <summary>The vertices that training steps clamp to data, in the order in which a batch has them. It is the same in a
/// graph and in what levelling makes of it, whose ids are others.</summary>
internal static class ClampedVertices
{
    /// <summary>Data leaves in the graph's order, then function vertices in that of their names.</summary>
    /// <param name="graph">The graph, levelled or not.</param>
    /// <param name="named">The free leaves and latent vertices among them.</param>
    public static IReadOnlyList<Vertex<T>> Of<T>(Graph<T> graph, IReadOnlyList<string> named)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
    [
        .. graph.DataLeaves.Where(v => !v.IsFree || named.Contains(v.Name)),
        .. named.Order(StringComparer.Ordinal).Select(graph.Find).Where(v => v.Kind != VertexKind.Data),
    ];
}

/// <summary>What a batch for a network looks like: its clamped vertices, their shapes and the target's.</summary>
internal sealed class BatchForm<T>(Graph<T> graph, Loss loss, int microBatches, IReadOnlyList<string> clamped)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IReadOnlyList<Vertex<T>> _clamped = ClampedVertices.Of(graph, clamped);
    private readonly Shape _target = loss.TargetShape(graph.Root.Shape);

    /// <summary>The batch, if it is one.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public Batch<T> Require(Batch<T> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var fits = batch.MicroBatches == microBatches && batch.Clamped.Count == _clamped.Count
            && batch.TargetOf(0).Shape.Equals(_target);
        for (var i = 0; fits && i < _clamped.Count; i++)
            fits = batch.Clamped[i] == _clamped[i].Id && batch.Input(i, 0).Shape.Equals(_clamped[i].Shape);
        return fits
            ? batch
            : throw new ArgumentException("the batch was made for another network; NewBatch() makes one that fits",
                nameof(batch));
    }
}
