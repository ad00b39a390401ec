using System.Numerics;
using PcActors.Actors;
using PcActors.Cluster.Hosting;
using PcActors.Cluster.Wire;
using PcActors.Learning.Vertices;
using PcActors.Learning;
using PcActors.Tensors;

namespace PcActors.Cluster.Coordination;

/// <summary>The client's work in one epoch, one piece after the other: what is to be done next, and what the client is told of it.
/// Plain, without actors.</summary>
/// <param name="epoch">The epoch; work of others is dropped.</param>
/// <param name="batch">A batch of the graph's, filled anew for each piece.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class EpochWork<T>(int epoch, Batch<T> batch)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Queue<EpochJob> _waiting = [];
    private EpochJob? _job;
    private MessageCounts? _counts;

    /// <summary>Takes a piece of work.</summary>
    public void Add(EpochJob job)
    {
        if (job.Epoch == epoch) _waiting.Enqueue(job);
    }

    /// <summary>The next piece, for the epoch's coordinator; null while one is under way, and when there is none.</summary>
    /// <exception cref="WireException">Its tensors do not fit the graph.</exception>
    public Job? Next()
    {
        if (_job is not null || !_waiting.TryDequeue(out _job)) return null;
        switch (_job)
        {
            case StepJob<T> step:
                Fill(step.Inputs);
                Copy(step.Target, batch.Target);
                return new TrainingStep<T>(batch);
            case PredictionJob<T> prediction:
                Fill(prediction.Inputs);
                return new Prediction<T>(batch);
            case TrafficJob:
                return new LinkCounterCollection();
            default:
                // A snapshot begins with the counts that belong to it.
                return new CounterCollection();
        }
    }

    /// <summary>Takes the result of the piece under way.</summary>
    /// <returns>What the client is told; for a snapshot, <see cref="TakeSnapshot"/> for the epoch, whose states are awaited then.</returns>
    public object End(object result)
    {
        var job = _job!;
        if (job is SnapshotJob snapshot)
        {
            _counts = (MessageCounts)result;
            return new TakeSnapshot(snapshot.Step);
        }
        _job = null;
        return result switch
        {
            StepResult step => new StepDone(epoch, job.Number, step.Loss, step.Attempts),
            Tensor<T> prediction => new PredictionDone<T>(epoch, job.Number, prediction),
            IReadOnlyList<LinkCounters> links => new TrafficDone(epoch, job.Number, links),
            _ => new CountDone(epoch, job.Number, (MessageCounts)result),
        };
    }

    /// <summary>Takes the states of the snapshot under way.</summary>
    /// <returns>The step that they belong to, and what the client is told.</returns>
    public (long Step, IEnumerable<object> Told) End(IReadOnlyDictionary<int, ParameterSnapshot<T>> states)
    {
        var job = (SnapshotJob)_job!;
        _job = null;
        return (job.Step, states.Select(s => (object)new StateCollected<T>(epoch, job.Number, s.Key, s.Value)).Append(new SnapshotDone(epoch, job.Number, _counts!)));
    }

    private void Fill(IReadOnlyList<Tensor<T>> inputs)
    {
        if (inputs.Count != batch.Inputs.Count) throw new WireException($"a batch has {inputs.Count} inputs, and the graph {batch.Inputs.Count} data leaves");
        for (var i = 0; i < inputs.Count; i++) Copy(inputs[i], batch.Inputs[i]);
    }

    private static void Copy(Tensor<T> from, Tensor<T> to)
    {
        if (!from.Shape.Equals(to.Shape)) throw new WireException($"a batch has a tensor of shape {from.Shape}; {to.Shape} is wanted");
        from.Span.CopyTo(to.Writable);
    }
}
