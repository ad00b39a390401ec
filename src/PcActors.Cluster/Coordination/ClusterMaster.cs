using System.Numerics;
using Akka.Actor;
using Akka.Cluster;
using PcActors.Actors;
using PcActors.Cluster.Hosting;
using PcActors.Cluster.Links;
using PcActors.Cluster.Status;
using PcActors.Cluster.Wire;
using PcActors.Graphs;
using PcActors.Learning.Vertices;
using PcActors.Learning;
using PcActors.Tensors;
using CloseMaster = PcActors.Cluster.Wire.Schema.CloseMaster;
using OpenMaster = PcActors.Cluster.Wire.Schema.OpenMaster;

namespace PcActors.Cluster.Coordination;

/// <summary>The coordinator's part of a run, for one client: waits for workers, places the graph, does the client's work in order, and
/// when a worker goes, places again from the last snapshot and has the client send the work since then again.</summary>
/// <remarks>It ends with its client. All that it knows the client knows too: when it dies, another one goes on.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class ClusterMaster<T> : UntypedActor
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly OpenMaster _open;
    private readonly IActorRef _client;
    private readonly RunPlan<T> _plan = new();
    private readonly ICancelable _timer;
    private Workers? _workers;
    private readonly List<object> _earlyChanges = [];
    private Graph<T>? _graph;
    private IReadOnlyDictionary<int, ParameterSnapshot<T>> _states = new Dictionary<int, ParameterSnapshot<T>>();
    private IActorRef? _link;
    private IActorRef? _part;
    private IReadOnlyList<Address> _used = [];
    private EpochWork<T>? _work;
    private int _placings;
    private long _step;
    private long _stepsDone;
    private bool _isReady;
    private bool _hasBegun;
    private bool _isBroken;
    private long _deadline;

    public ClusterMaster(OpenMaster open, IActorRef client)
    {
        (_open, _client) = (open, client);
        var interval = TimeSpan.FromMilliseconds(250);
        _timer = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(interval, interval, Self, CheckTimeout.Instance, Self);
    }

    private RunTerms Terms => _plan.Terms!;

    private int Epoch => EpochNumber.Of(_open.Incarnation, _placings);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.Watch(_client);
        if (_client.Path.Address.HasGlobalScope)
        {
            var path = $"{_open.Client}/{ClientLink.NameOf(_open.Incarnation)}";
            _link = Context.ActorOf(Props.Create(() => new LinkActor<T>(0, path, new LinkMeter(1, 0))), ClientLink.Name);
        }
        AkkaCluster.Get(Context.System).Subscribe(
            Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _timer.Cancel();
        NodeBook.Of(Context.System).Runs.TryRemove(Self, out _);
        AkkaCluster.Get(Context.System).Unsubscribe(Self);
    }

    /// <inheritdoc/>
    /// <remarks>A part of the run that throws has lost its place, and its links theirs: it is not begun anew.</remarks>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(e =>
    {
        Break(new RunBroken($"the coordinator failed: {e.Message}", null, false));
        return Directive.Stop;
    });

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RunTerms terms when _graph is null:
                _plan.Add(terms);
                Begin();
                break;
            case RunVertex<T> vertex when _graph is null:
                _plan.Add(vertex);
                Begin();
                break;
            case EpochJob job:
                if (_part is not null) _work!.Add(job);
                StartNext();
                break;
            case ClusterEvent.CurrentClusterState or ClusterEvent.IMemberEvent or ClusterEvent.IReachabilityEvent:
                OnMembers(message);
                break;
            case EpochReady ready when IsCurrent(ready.Epoch):
                _isReady = _hasBegun = true;
                ToClient(new EpochBegun(Epoch, _used.Count, _step));
                break;
            case EpochBroken broken when IsCurrent(broken.Epoch):
                Break(new RunBroken(broken.Cause, broken.Vertex, false));
                break;
            case SnapshotTaken<T> taken when IsCurrent(taken.Epoch):
                Take(taken.Snapshot);
                break;
            case JobEnded ended when IsCurrent(ended.Epoch):
                Finish(ended);
                break;
            case CheckTimeout:
                CheckDeadline();
                break;
            case LinkFailed failed:
                Break(new RunBroken($"from the run's client came {failed.Cause.Message}", null, false));
                break;
            case CloseMaster or Terminated:
                Context.Stop(Self);
                break;
            case EpochReady or EpochBroken or SnapshotTaken<T> or JobEnded or RunTerms or RunVertex<T>:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Whether an epoch is under way still: what comes from an abandoned one tells nothing any more.</summary>
    private bool IsCurrent(int epoch) => epoch == Epoch && _part is not null;

    private void Begin()
    {
        if (!_plan.IsComplete) return;
        try
        {
            _graph = _plan.Build();
        }
        catch (Exception e) when (e is WireException or ShapeException or GraphException)
        {
            Break(new RunBroken($"the coordinator cannot read the graph: {e.Message}", null, false));
            return;
        }
        (_states, _step, _hasBegun) = (_plan.States(), Terms.Step, Terms.HasBegun);
        var client = ActorPath.Parse(_open.Client).Address;
        NodeBook.Of(Context.System).Runs[Self] = () => new RunStatus(
            _open.Run, Terms.Model, $"{client.Host}:{client.Port}", NodeBook.Show(Epoch), _isReady ? _used.Count : 0, Volatile.Read(ref _stepsDone));
        _workers = new Workers(Terms.Version);
        foreach (var change in _earlyChanges) _workers.Enter(change);
        Wait();
        PlaceAgain();
    }

    private void OnMembers(object change)
    {
        if (_workers is null) _earlyChanges.Add(change);
        else _workers.Enter(change);
        if (_part is not null && change is ClusterEvent.MemberRemoved removed && _used.Contains(removed.Member.Address))
            Abandon($"{removed.Member.Address.Host}:{removed.Member.Address.Port} has left");
        PlaceAgain();
    }

    private void Wait() => _deadline = Environment.TickCount64 + (long)Terms.Patience.TotalMilliseconds;

    private void CheckDeadline()
    {
        if (_workers is null || _isReady || _isBroken || Environment.TickCount64 < _deadline) return;
        Break(new RunBroken(
            _part is null
                ? $"{_workers.Usable.Count} of {Needed} worker nodes are there after {Terms.Patience.TotalSeconds:0} s{_workers.Strangers}"
                : $"the vertices could not be started within {Terms.Patience.TotalSeconds:0} s",
            null,
            false));
    }

    private int Needed => _hasBegun ? Terms.MinNodes : Math.Max(Terms.Nodes, Terms.MinNodes);

    private void PlaceAgain()
    {
        if (_workers is null || _part is not null || _isBroken || _workers.Usable.Count < Needed) return;
        _placings++;
        _used = [.. _workers.Usable.Take(_graph!.Vertices.Count)];
        Volatile.Write(ref _stepsDone, _step);
        _work = new EpochWork<T>(Epoch, new Batch<T>(_graph, Terms.Options.Loss, Terms.Options.MicroBatches));
        Wait();
        int[] places = [.. Placement.Of(_graph, Terms.Options, [.. _used.Select(_workers.WeightOf)]).Places];
        var epoch = new RunEpoch<T>(_open.Run, ActorPath.Parse(_open.Client).Address.ToString(), Epoch, _graph, Terms.Options, _used, places, _states, Terms.Trace);
        var retries = Terms.Retries;
        _part = Context.ActorOf(Props.Create(() => new CoordinatorRun<T>(epoch, retries)), $"e{Epoch}");
    }

    private void Abandon(string why)
    {
        ToClient(new EpochEnded(Epoch, why));
        Context.Stop(_part);
        _part = null;
        _isReady = false;
        Wait();
    }

    private void StartNext()
    {
        if (!_isReady || _isBroken || _work!.Next() is not { } job) return;
        var epoch = Epoch;
        job.ResultAsync().PipeTo(Self, Self, result => new JobEnded(epoch, result, null), error => new JobEnded(epoch, null, error));
        _part!.Tell(job, Self);
    }

    private void Finish(JobEnded ended)
    {
        if (ended.Error is { } error)
        {
            Break(new RunBroken(error.Message, (error as RunFailedException)?.Vertex, error is DivergedException));
            return;
        }
        var next = _work!.End(ended.Result!);
        if (next is TakeSnapshot)
        {
            _part!.Tell(next, Self);
            return;
        }
        if (next is StepDone) Volatile.Write(ref _stepsDone, _stepsDone + 1);
        ToClient(next);
        StartNext();
    }

    private void Take(IReadOnlyDictionary<int, ParameterSnapshot<T>> states)
    {
        (_step, var told) = _work!.End(states);
        _states = states;
        foreach (var message in told) ToClient(message);
        StartNext();
    }

    private void Break(RunBroken broken)
    {
        if (_isBroken) return;
        _isBroken = true;
        ToClient(broken);
    }

    private void ToClient(object message)
    {
        if (_link is null) _client.Tell(message, Self);
        else _link.Tell(new Outgoing(LinkAddress.Node, LinkAddress.Node, message), Self);
    }

    /// <summary>From the epoch's coordinator: how a piece of work ended.</summary>
    private sealed record JobEnded(int Epoch, object? Result, Exception? Error);
}
