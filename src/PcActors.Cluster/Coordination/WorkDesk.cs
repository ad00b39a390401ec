using System.Numerics;
using PcActors.Cluster.Wire;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Cluster.Coordination;

/// <summary>The client's work in one term: as jobs for its coordinator, and as messages for the client when
/// they are done. Plain, without actors.</summary>
/// <param name="graph">The graph as it runs.</param>
/// <param name="options">What all its vertices have in common.</param>
internal sealed class WorkDesk<T>(Graph<T> graph, VertexOptions options)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Stack<Batch<T>> _spare = [];
    private readonly Dictionary<long, (Work<T> Work, object Result)> _done = [];
    private long _told;

    /// <summary>The last states that the client was told of: what it can go on from.</summary>
    public RunState<T>? Told { get; private set; }

    /// <summary>The job that a piece of work is.</summary>
    /// <exception cref="WireException">Its tensors do not fit the graph.</exception>
    public Job JobOf(Work<T> work) => work.Kind switch
    {
        WorkKind.Step => new TrainingStep<T>(BatchOf(work), work.WithEnergies),
        WorkKind.Prediction => new Prediction<T>(BatchOf(work)),
        WorkKind.Inference => InferenceOf(work.Inference!),
        WorkKind.States => new StateCollection<T>(),
        _ => new CounterCollection(),
    };

    /// <summary>A piece of work is done.</summary>
    /// <param name="work">The work.</param>
    /// <param name="job">Its job.</param>
    /// <param name="result">What came of it; a <see cref="RunBroken"/> when nothing did.</param>
    /// <returns>What the client is told now: it learns of its work in order, whatever the order in which
    /// words of it come here.</returns>
    public IEnumerable<object> Finish(Work<T> work, Job job, object result)
    {
        if (job is TrainingStep<T> step) _spare.Push(step.Batch);
        else if (job is Prediction<T> prediction) _spare.Push(prediction.Batch);
        _done.Add(work.Number, (work, result));
        while (_done.Remove(_told + 1, out var next))
        {
            _told++;
            var told = next.Result;
            if (told is RunState<T> state)
            {
                Told = state;
                foreach (var (vertex, snapshot) in state.States)
                    yield return new StateCollected<T>(next.Work.Term, vertex, snapshot);
                told = state.Messages;
            }
            yield return told is RunBroken ? told : new WorkDone<T>(work.Term, next.Work.Number, told);
        }
    }

    private InferenceJob<T> InferenceOf(InferenceWork<T> work)
    {
        if (work.Order < 1) throw new WireException($"an inference of number {work.Order}");
        var clamps = new Dictionary<int, Clamp<T>[]>();
        foreach (var (id, parts) in work.Clamps)
        {
            var vertex = VertexOf(id);
            var isRoot = id == graph.RootId;
            if (!isRoot && !vertex.IsLatent && vertex.Kind != VertexKind.Data)
                throw new WireException($"a clamp of '{vertex.Name}', which holds no value");
            if (parts.Count != options.MicroBatches)
                throw new WireException($"a clamp of '{vertex.Name}' on {parts.Count} micro-batches");
            var shape = isRoot ? options.Loss.TargetShape(vertex.Shape) : vertex.Shape;
            foreach (var tensor in parts.SelectMany(p => new[] { p.Value, p.Mask }).OfType<Tensor<T>>())
            {
                if (!tensor.Shape.Equals(shape))
                    throw new WireException(
                        $"a clamp of '{vertex.Name}' has the shape {tensor.Shape}; {shape} is wanted");
            }
            if (!clamps.TryAdd(id, [.. parts])) throw new WireException($"two clamps of '{vertex.Name}'");
        }
        foreach (var id in work.Reads) VertexOf(id);
        var samples = options.Loss.TargetShape(graph.Root.Shape)[0] * options.MicroBatches;
        return new InferenceJob<T>(clamps, work.Reads, samples) { Number = work.Order };
    }

    private Vertex<T> VertexOf(int id) => id >= 0 && id < graph.Vertices.Count
        ? graph.Vertices[id]
        : throw new WireException($"the vertex {id}, of {graph.Vertices.Count}");

    private Batch<T> BatchOf(Work<T> work)
    {
        if (!_spare.TryPop(out var batch))
            batch = new Batch<T>(graph, options.Loss, options.MicroBatches, options.Clamped);
        if (work.Inputs.Count != batch.Inputs.Count)
            throw new WireException(
                $"a batch has {work.Inputs.Count} inputs, and the graph {batch.Inputs.Count} vertices to be clamped");
        for (var i = 0; i < work.Inputs.Count; i++) Copy(work.Inputs[i], batch.Inputs[i]);
        if (work.Target is { } target) Copy(target, batch.Target);
        return batch;
    }

    private static void Copy(Tensor<T> from, Tensor<T> to)
    {
        if (!from.Shape.Equals(to.Shape))
            throw new WireException($"a batch has a tensor of shape {from.Shape}; {to.Shape} is wanted");
        from.Span.CopyTo(to.Writable);
    }
}
