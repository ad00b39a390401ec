using System.Numerics;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Cluster;
using PcActors.Cluster.Coordination;
using PcActors.Cluster.Links;
using PcActors.Cluster.Membership;
using PcActors.Cluster.Wire;
using PcActors.Runs;

namespace PcActors.Cluster.Client;

/// <summary>A run's client: gives the run's graph, its work and its last checkpoint to the cluster's
/// coordinator. When that one is gone, it gives them to the next.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class RunClient<T> : UntypedActor, IWithTimers
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);

    private readonly ClusterRun<T> _run;
    private readonly Coordinators _coordinators = new();
    private Address? _target;
    private IActorRef? _coordinator;
    private IActorRef? _link;
    private EndOfRun? _end;
    private bool _isBroken;

    public RunClient(ClusterRun<T> run) => _run = run;

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        AkkaCluster.Get(Context.System)
            .Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot,
                typeof(ClusterEvent.IMemberEvent));
        Wait();
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        AkkaCluster.Get(Context.System).Unsubscribe(Self);
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
        try
        {
            Handle(message);
        }
        catch (RunFailedException e)
        {
            Fail(e);
        }
    }

    private static string PlaceOf(Address? node) => node is null ? "no node" : $"{node.Host}:{node.Port}";

    private void Handle(object message)
    {
        switch (message)
        {
            case EndOfRun end:
                End(end);
                break;
            case JobsWait:
                SendWork();
                break;
            case ClusterEvent.CurrentClusterState or ClusterEvent.IMemberEvent:
                _coordinators.Follow(message);
                Seek();
                break;
            case RunOpened opened:
                Meet(opened);
                break;
            case Terminated terminated when terminated.ActorRef.Equals(_coordinator):
                Lose();
                break;
            case RunFailed failed when failed.Incarnation == _run.Incarnations:
                Fail(new RunFailedException($"the coordinator failed: {failed.Cause}"));
                break;
            case TermBegun begun when IsOfCoordinator(begun.Term):
                Begin(begun);
                break;
            case TermEnded ended when IsOfCoordinator(ended.Term):
                _run.Work.Pause();
                _run.Report(
                    $"placement {_run.Placings} has ended: {ended.Cause}; the graph is placed again, and "
                    + $"{_run.Work.StepsSinceCheckpoint} steps are made again");
                break;
            case StateCollected<T> state:
                _run.Work.Take(state);
                break;
            case WorkDone<T> done:
                _run.Work.Take(done);
                SendWork();
                break;
            case RunBroken broken when _coordinator is not null:
                Fail(broken.ToException());
                break;
            case LinkFailed failed when Sender.Equals(_link):
                Fail(new RunFailedException(failed.Describe($"the coordinator at {PlaceOf(_target)}")));
                break;
            case AskAgain:
                Ask();
                break;
            case OutOfPatience when _end is { } end:
                end.Complete(true);
                break;
            case OutOfPatience:
                Fail(new RunFailedException(
                    $"no coordinator has answered for {_run.Place.Patience.TotalSeconds:0} s; the last one asked is "
                    + $"{PlaceOf(_target)}"));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Terms tell which coordinator they are of.</summary>
    private bool IsOfCoordinator(int term) =>
        _coordinator is not null && TermNumber.IncarnationOf(term) == _run.Incarnations;

    private void Wait() => Timers.StartSingleTimer(OutOfPatience.Instance, OutOfPatience.Instance, _run.Place.Patience);

    /// <summary>Asks the node that should have the coordinator, when that has changed, under another number.</summary>
    private void Seek()
    {
        if (_coordinator is not null || _isBroken || _coordinators.Oldest is not { } oldest || oldest == _target)
            return;
        _target = oldest;
        _run.Incarnations++;
        Timers.StartPeriodicTimer(AskAgain.Instance, AskAgain.Instance, TimeSpan.Zero, AskInterval);
    }

    private void Ask() =>
        ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(CoordinatorSingleton.PathOn(_target!)).Tell(
        new OpenRun(_run.Name, _run.Incarnations, Unsafe.SizeOf<T>()), Self);

    private void Meet(RunOpened opened)
    {
        if (opened.Incarnation != _run.Incarnations || _isBroken)
        {
            // Whoever was asked before, and answers late.
            Sender.Tell(new CloseRun(), Self);
            return;
        }
        if (_coordinator is not null) return;
        Timers.CancelAll();
        _coordinator = Context.Watch(Sender);
        if (_coordinator.Path.Address.HasGlobalScope)
        {
            var path = $"{_coordinator.Path.ToStringWithAddress()}/{ClientLink.Name}";
            _link = Context.ActorOf(Props.Create(() => new LinkActor<T>(1, path, new LinkMeter(0, 1))),
                ClientLink.NameOf(_run.Incarnations));
        }
        var (place, plan, checkpoint) = (_run.Place, _run.Plan, _run.Work.Checkpoint);
        ToCoordinator(new RunTerms(
            place.Model, plan.VertexOptions, plan.Options.Retries, place.Nodes, place.MinNodes, place.Patience,
            place.Version,
            plan.Graph.Vertices.Count, checkpoint.Step, _run.Placings > 0, _run.Tracing));
        foreach (var vertex in RunPlan<T>.Describe(plan.Graph, checkpoint.States)) ToCoordinator(vertex);
    }

    private void Lose()
    {
        _run.Work.Pause();
        if (_link is not null) Context.Stop(_link);
        // It may be there still, and only out of reach.
        _coordinator?.Tell(new CloseRun(), Self);
        (_coordinator, _link) = (null, null);
        if (_end is not null)
        {
            _end.Complete(true);
            return;
        }
        if (_isBroken) return;
        _run.Report(
            $"the coordinator at {PlaceOf(_target)} is gone; another takes over, and "
            + $"{_run.Work.StepsSinceCheckpoint} steps are made again");
        _target = null;
        Wait();
        Seek();
    }

    private void Begin(TermBegun begun)
    {
        _run.Work.Begin(begun);
        _run.Begin(begun.Term);
        _run.Report(
            $"placement {_run.Placings}: the graph runs on {begun.Nodes} nodes, coordinated by {PlaceOf(_target)}");
        SendWork();
    }

    private void SendWork()
    {
        if (_isBroken) return;
        while (_run.NextJob() is { } job) _run.Work.Add(job);
        while (_run.Work.Next() is { } work) ToCoordinator(work);
    }

    private void End(EndOfRun end)
    {
        _end = end;
        Fail(new RunFailedException("the run was stopped"));
        if (_coordinator is null)
        {
            end.Complete(true);
            return;
        }
        _coordinator.Tell(new CloseRun(), Self);
        Timers.StartSingleTimer(OutOfPatience.Instance, OutOfPatience.Instance, EndPatience);
    }

    private void Fail(RunFailedException failure)
    {
        _isBroken = true;
        Timers.CancelAll();
        _run.Fail(failure);
    }

    private void ToCoordinator(object message)
    {
        if (_link is null) _coordinator!.Tell(message, Self);
        else _link.Tell(new Outgoing(LinkAddress.Node, LinkAddress.Node, message), Self);
    }

    private sealed record AskAgain
    {
        public static AskAgain Instance { get; } = new();
    }

    private sealed record OutOfPatience
    {
        public static OutOfPatience Instance { get; } = new();
    }
}
