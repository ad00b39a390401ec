using System.Numerics;
using PcActors.Cluster.Wire;
using PcActors.Learning;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Cluster.Coordination;

/// <summary>The client's work in one term: as jobs for its coordinator, and as messages for the client when
/// they are done. Plain, without actors.</summary>
/// <param name="newBatch">Makes a batch.</param>
internal sealed class WorkDesk<T>(Func<Batch<T>> newBatch)
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
        WorkKind.Step => new TrainingStep<T>(BatchOf(work)),
        WorkKind.Prediction => new Prediction<T>(BatchOf(work)),
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

    private Batch<T> BatchOf(Work<T> work)
    {
        if (!_spare.TryPop(out var batch)) batch = newBatch();
        if (work.Inputs.Count != batch.Inputs.Count)
            throw new WireException(
                $"a batch has {work.Inputs.Count} inputs, and the graph {batch.Inputs.Count} data leaves");
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
