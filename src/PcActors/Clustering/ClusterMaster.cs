using System.Numerics;
using Akka.Actor;
using Akka.Cluster;
using PcActors.Actors;
using PcActors.Clustering.Hosting;
using PcActors.Learning;
using PcActors.Tensors;

namespace PcActors.Clustering;

/// <summary>Keeps a run going on whoever is there: waits for workers, places the graph, does jobs one after the other, and when a
/// worker goes, places again, restores the last snapshot, makes the steps since then again, and goes on.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class ClusterMaster<T> : UntypedActor
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ClusterRun<T> _run;
    private readonly Queue<Job> _waiting = [];
    private readonly StepHistory<T> _history;
    private readonly Workers _workers;
    private readonly ICancelable _timer;
    private IReadOnlyDictionary<int, ParameterSnapshot<T>> _snapshot = new Dictionary<int, ParameterSnapshot<T>>();
    private IActorRef? _part;
    private IReadOnlyList<Address> _used = [];
    private Job? _job;
    private RunFailedException? _failure;
    private int _epoch;
    private int _replayed;
    private long _step;
    private bool _isReady;
    private bool _hasBegun;
    private bool _isBusy;
    private long _deadline;

    public ClusterMaster(ClusterRun<T> run)
    {
        _run = run;
        _history = new StepHistory<T>(run);
        _workers = new Workers(run.Options.Version);
        Wait();
        var interval = TimeSpan.FromMilliseconds(250);
        _timer = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(interval, interval, Self, CheckTimeout.Instance, Self);
    }

    /// <inheritdoc/>
    protected override void PreStart() => Cluster.Get(Context.System).Subscribe(
        Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _timer.Cancel();
        Cluster.Get(Context.System).Unsubscribe(Self);
        Fail(new RunFailedException("this node has left the cluster, or was removed from it"));
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case EndOfRun end:
                Fail(new RunFailedException("the run was stopped"));
                end.Complete(true);
                break;
            case LinkCounterCollection counting:
                if (_part is { } part && _isReady) part.Tell(counting, Self);
                else counting.Fail(new RunFailedException("the graph is being placed; nothing has been counted yet"));
                break;
            case Job job:
                _waiting.Enqueue(job);
                StartNext();
                break;
            case ClusterEvent.CurrentClusterState or ClusterEvent.IMemberEvent or ClusterEvent.IReachabilityEvent:
                _workers.Enter(message);
                if (_part is not null && message is ClusterEvent.MemberRemoved removed && _used.Contains(removed.Member.Address))
                    Abandon($"{removed.Member.Address.Host}:{removed.Member.Address.Port} has left");
                PlaceAgain();
                break;
            case EpochReady ready when IsCurrent(ready.Epoch):
                _isReady = _hasBegun = true;
                _run.Started.TrySetResult(true);
                _run.Report($"epoch {_epoch}: the graph runs on {_used.Count} nodes");
                StartNext();
                break;
            case EpochBroken broken when IsCurrent(broken.Epoch):
                Fail(new RunFailedException(broken.Cause));
                break;
            case SnapshotTaken<T> taken when IsCurrent(taken.Epoch):
                _snapshot = taken.Snapshot;
                _history.Clear();
                _replayed = 0;
                _isBusy = false;
                if (_job is ParameterCollection<T> collection)
                {
                    _job = null;
                    collection.Complete(_snapshot.ToDictionary(s => s.Key, s => s.Value.Value));
                }
                StartNext();
                break;
            case JobDone done when IsCurrent(done.Epoch):
                _isBusy = false;
                Finish(done);
                break;
            case CheckTimeout:
                CheckDeadline();
                break;
            case EpochReady or EpochBroken or SnapshotTaken<T> or JobDone:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Whether an epoch is under way still: what comes from an abandoned one tells nothing any more.</summary>
    private bool IsCurrent(int epoch) => epoch == _epoch && _part is not null;

    private void Wait() => _deadline = Environment.TickCount64 + (long)_run.Options.Patience.TotalMilliseconds;

    private void CheckDeadline()
    {
        if (_isReady || _failure is not null || Environment.TickCount64 < _deadline) return;
        Fail(new RunFailedException(_part is null
            ? $"{_workers.Usable.Count} of {Needed} worker nodes are there after {_run.Options.Patience.TotalSeconds:0} s{_workers.Strangers}"
            : $"the vertices could not be started within {_run.Options.Patience.TotalSeconds:0} s"));
    }

    private int Needed => _hasBegun ? _run.Options.MinNodes : Math.Max(_run.Options.Nodes, _run.Options.MinNodes);

    private void PlaceAgain()
    {
        if (_part is not null || _failure is not null || _workers.Usable.Count < Needed) return;
        _epoch++;
        _used = [.. _workers.Usable.Take(_run.Graph.Vertices.Count)];
        _replayed = 0;
        Wait();
        int[] places = [.. Placement.Of(_run.Graph, _run.VertexOptions, [.. _used.Select(_workers.WeightOf)]).Places];
        var epoch = new RunEpoch<T>(_run.Name, _epoch, _run.Graph, _run.VertexOptions, _used, places, _snapshot);
        var retries = _run.Retries;
        _part = Context.ActorOf(Props.Create(() => new CoordinatorRun<T>(epoch, retries)), $"e{_epoch}");
    }

    private void Abandon(string why)
    {
        _run.Report($"epoch {_epoch} has ended: {why}; the graph is placed again, and {_history.Count} steps are made again");
        Context.Stop(_part);
        _part = null;
        _isReady = _isBusy = false;
        Wait();
    }

    /// <summary>The next piece of work: a step that has to be made again, a snapshot when it is time, the current job, a new one.</summary>
    private void StartNext()
    {
        if (_failure is { } failure) FailAll(failure);
        if (!_isReady || _isBusy || _failure is not null) return;
        if (_replayed < _history.Count)
        {
            Do(new TrainingStep<T>(_history[_replayed]));
            return;
        }
        if (!_history.IsFull && _job is null && !_waiting.TryDequeue(out _job)) return;
        // A state says which update it follows, whatever messages were lost; so values are taken from there, too.
        if (_history.IsFull || _job is ParameterCollection<T>)
        {
            _isBusy = true;
            _part!.Tell(new TakeSnapshot(), Self);
            return;
        }
        switch (_job)
        {
            case TrainingStep<T> step:
                Do(new TrainingStep<T>(step.Batch));
                break;
            case Prediction<T> prediction:
                Do(new Prediction<T>(prediction.Batch));
                break;
            case CounterCollection:
                Do(new CounterCollection());
                break;
        }
    }

    private void Do<TResult>(Job<TResult> job)
        where TResult : class
    {
        _isBusy = true;
        var epoch = _epoch;
        job.Task.PipeTo(Self, Self, result => new JobDone(epoch, result, null), error => new JobDone(epoch, null, error));
        _part!.Tell(job, Self);
    }

    private void Finish(JobDone done)
    {
        if (done.Error is { } error)
        {
            Fail(error as RunFailedException ?? new RunFailedException(error.Message, cause: error));
            return;
        }
        if (_replayed < _history.Count)
        {
            _replayed++;
            StartNext();
            return;
        }
        var job = _job;
        _job = null;
        switch (job)
        {
            case TrainingStep<T> step:
                _history.Add(step.Batch);
                _replayed = _history.Count;
                step.Complete((StepResult)done.Result! with { Step = ++_step });
                break;
            case Prediction<T> prediction:
                _step++;
                prediction.Complete((Tensor<T>)done.Result!);
                break;
            case CounterCollection counters:
                counters.Complete((MessageCounts)done.Result!);
                break;
        }
        StartNext();
    }

    private void Fail(RunFailedException failure)
    {
        _failure ??= failure;
        _run.Started.TrySetException(_failure);
        FailAll(_failure);
    }

    private void FailAll(Exception error)
    {
        _job?.Fail(error);
        _job = null;
        while (_waiting.TryDequeue(out var job)) job.Fail(error);
    }

    /// <summary>From the epoch's coordinator: how a piece of work ended.</summary>
    private sealed record JobDone(int Epoch, object? Result, Exception? Error);
}
