using System.Numerics;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Cluster;
using PcActors.Actors;
using PcActors.Cluster.Coordination;
using PcActors.Cluster.Links;
using PcActors.Learning.Instruments;
using PcActors.Learning;
using Schema = PcActors.Cluster.Wire.Schema;

namespace PcActors.Cluster.Client;

/// <summary>A run's client: it has the graph, the work and the last checkpoint, and gives them to the cluster's coordinator. When that
/// one is gone, it gives them to the next.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class RunClient<T> : UntypedActor
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ClusterRun<T> _run;
    private readonly WorkLine<T> _work;
    private readonly Coordinators _coordinators = new();
    private readonly ICancelable _timer;
    private Address? _target;
    private IActorRef? _master;
    private IActorRef? _link;
    private EndOfRun? _end;
    private RunFailedException? _failure;
    private int _incarnation;
    private int _epochs;
    private bool _hasBegun;
    private long _deadline;
    private long _askAt;

    public RunClient(ClusterRun<T> run)
    {
        _run = run;
        var forecast = MessageForecast.Of(run.Graph, run.VertexOptions.Rule, run.VertexOptions.MicroBatches);
        _work = new WorkLine<T>(
            run.NewBatch, run.Start, run.Graph.Parameters.Select(v => v.Id).ToHashSet(), run.Options.SnapshotEvery, forecast.ValuesPerPrediction);
        var interval = TimeSpan.FromMilliseconds(250);
        _timer = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(interval, interval, Self, CheckTimeout.Instance, Self);
        Wait();
    }

    /// <inheritdoc/>
    protected override void PreStart() => AkkaCluster.Get(Context.System).Subscribe(
        Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _timer.Cancel();
        AkkaCluster.Get(Context.System).Unsubscribe(Self);
        Fail(new RunFailedException("this node has left the cluster, or was removed from it"));
        _end?.Complete(true);
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(e =>
    {
        Fail(new RunFailedException($"the link to the coordinator failed: {e.Message}", cause: e));
        return Directive.Stop;
    });

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case EndOfRun end:
                End(end);
                break;
            case Job job when _failure is not null:
                job.Fail(_failure);
                break;
            case Job job:
                _work.Add(job);
                SendWork();
                break;
            case ClusterEvent.CurrentClusterState or ClusterEvent.IMemberEvent:
                _coordinators.Enter(message);
                Seek();
                break;
            case Schema.MasterOpened opened:
                Meet(opened);
                break;
            case Terminated terminated when terminated.ActorRef.Equals(_master):
                Lose();
                break;
            case Schema.MasterFailed failed when failed.Incarnation == _incarnation:
                Fail(new RunFailedException($"the coordinator failed: {failed.Cause}"));
                break;
            case EpochBegun begun when IsOfMaster(begun.Epoch):
                Begin(begun);
                break;
            case EpochEnded ended when IsOfMaster(ended.Epoch):
                _work.Pause();
                _run.Report($"epoch {_epochs} has ended: {ended.Cause}; the graph is placed again, and {_work.StepsSinceCheckpoint} steps are made again");
                break;
            case StateCollected<T> state:
                _work.Enter(state);
                break;
            case EpochResult result:
                Enter(result);
                break;
            case RunBroken broken when _master is not null:
                Fail(broken.IsDiverged ? new DivergedException(_work.Current, broken.Vertex) : new RunFailedException(broken.Cause, broken.Vertex));
                break;
            case LinkFailed failed when Sender.Equals(_link):
                Fail(new RunFailedException($"from the coordinator at {PlaceOf(_target)} came {failed.Cause.Message}"));
                break;
            case CheckTimeout:
                OnTick();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private static string PlaceOf(Address? node) => node is null ? "no node" : $"{node.Host}:{node.Port}";

    /// <summary>Epochs tell which coordinator they are of.</summary>
    private bool IsOfMaster(int epoch) => _master is not null && epoch >> EpochNumber.Shift == _incarnation;

    private void Wait() => _deadline = Environment.TickCount64 + (long)_run.Options.Patience.TotalMilliseconds;

    private void OnTick()
    {
        if (_end is not null && Environment.TickCount64 >= _deadline) _end.Complete(true);
        if (_master is not null || _failure is not null) return;
        if (Environment.TickCount64 >= _deadline)
            Fail(new RunFailedException($"no coordinator has answered for {_run.Options.Patience.TotalSeconds:0} s; the last one asked is {PlaceOf(_target)}"));
        else if (Environment.TickCount64 >= _askAt) Ask();
    }

    /// <summary>Asks the node that should have the coordinator, when that has changed, under another number.</summary>
    private void Seek()
    {
        if (_master is not null || _failure is not null || _coordinators.Oldest is not { } oldest || oldest == _target) return;
        _target = oldest;
        _incarnation++;
        Ask();
    }

    private void Ask()
    {
        if (_target is null) return;
        _askAt = Environment.TickCount64 + 500;
        var service = ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(CoordinatorSingleton.PathOn(_target));
        service.Tell(
            new Schema.OpenMaster
            {
                Run = _run.Name,
                Incarnation = _incarnation,
                ElementBytes = Unsafe.SizeOf<T>(),
                Client = Self.Path.ToStringWithAddress(AkkaCluster.Get(Context.System).SelfAddress),
            },
            Self);
    }

    private void Meet(Schema.MasterOpened opened)
    {
        if (opened.Incarnation != _incarnation || _failure is not null)
        {
            // Whoever was asked before, and answers late.
            Sender.Tell(new Schema.CloseMaster { Run = opened.Run, Incarnation = opened.Incarnation }, Self);
            return;
        }
        if (_master is not null) return;
        _master = Context.Watch(Sender);
        if (_master.Path.Address.HasGlobalScope)
        {
            var path = $"{_master.Path.ToStringWithAddress()}/{ClientLink.Name}";
            _link = Context.ActorOf(Props.Create(() => new LinkActor<T>(1, path, new LinkMeter(0, 1))), ClientLink.NameOf(_incarnation));
        }
        var (options, checkpoint) = (_run.Options, _work.Checkpoint);
        ToMaster(new RunTerms(
            options.Model, _run.VertexOptions, _run.Retries, options.Nodes, options.MinNodes, options.Patience, options.Version,
            _run.Graph.Vertices.Count, checkpoint.Step, _hasBegun, options.Trace));
        foreach (var vertex in RunPlan<T>.Describe(_run.Graph, checkpoint.States)) ToMaster(vertex);
    }

    private void Lose()
    {
        _work.Pause();
        if (_link is not null) Context.Stop(_link);
        // It may be there still, and only out of reach.
        _master?.Tell(new Schema.CloseMaster { Run = _run.Name, Incarnation = _incarnation }, Self);
        (_master, _link) = (null, null);
        if (_end is not null)
        {
            _end.Complete(true);
            return;
        }
        _run.Report($"the coordinator at {PlaceOf(_target)} is gone; another takes over, and {_work.StepsSinceCheckpoint} steps are made again");
        _target = null;
        Wait();
        Seek();
    }

    private void Begin(EpochBegun begun)
    {
        try
        {
            _work.Begin(begun);
        }
        catch (RunFailedException e)
        {
            Fail(e);
            return;
        }
        _epochs++;
        _hasBegun = true;
        _run.Started.TrySetResult(true);
        _run.Report($"epoch {_epochs}: the graph runs on {begun.Nodes} nodes, coordinated by {PlaceOf(_target)}");
        SendWork();
    }

    private void Enter(EpochResult result)
    {
        try
        {
            _work.Enter(result);
        }
        catch (RunFailedException e)
        {
            Fail(e);
            return;
        }
        SendWork();
    }

    private void SendWork()
    {
        while (_work.Next() is { } job) ToMaster(job);
    }

    private void End(EndOfRun end)
    {
        _end = end;
        Fail(new RunFailedException("the run was stopped"));
        _deadline = Environment.TickCount64 + 5_000;
        if (_master is null) end.Complete(true);
        else _master.Tell(new Schema.CloseMaster { Run = _run.Name, Incarnation = _incarnation }, Self);
    }

    private void Fail(RunFailedException failure)
    {
        _failure ??= failure;
        _run.Started.TrySetException(_failure);
        _work.Fail(_failure);
    }

    private void ToMaster(object message)
    {
        if (_link is null) _master!.Tell(message, Self);
        else _link.Tell(new Outgoing(LinkAddress.Node, LinkAddress.Node, message), Self);
    }
}
