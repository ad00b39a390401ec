using System.Numerics;
using Akka.Actor;
using Akka.Cluster;
using PcActors.Cluster.Links;
using PcActors.Cluster.Membership;
using PcActors.Cluster.Wire;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Runs;

namespace PcActors.Cluster.Coordination;

/// <summary>The coordinator's part of a run, for one client: waits for workers, places the graph for a
/// term, and when a worker goes, places it again for another, from the last states that it has collected. The term's
/// coordinator does the client's work.</summary>
/// <remarks>It ends with its client. All that it knows the client knows too: when it dies,
/// another one goes on.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class RunActor<T> : UntypedActor, IWithTimers
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly OpenRun _open;
    private readonly IActorRef _client;
    private readonly Address _clientNode;
    private readonly RunPlan<T> _plan = new();
    private readonly List<object> _earlyChanges = [];
    private Workers? _workers;
    private Graph<T>? _graph;
    private IReadOnlyDictionary<int, ParameterSnapshot<T>> _states = new Dictionary<int, ParameterSnapshot<T>>();
    private IActorRef? _link;
    private IActorRef? _term;
    private IActorRef? _coordinator;
    private WorkDesk<T>? _desk;
    private IReadOnlyList<Address> _used = [];
    private int _placings;
    private long _step;
    private long _stepsDone;
    private bool _hasBegun;
    private bool _isBroken;

    public RunActor(OpenRun open, IActorRef client)
    {
        (_open, _client) = (open, client);
        _clientNode = client.Path.Address.HasGlobalScope
            ? client.Path.Address
            : AkkaCluster.Get(Context.System).SelfAddress;
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private RunTerms Terms => _plan.Terms!;

    private int Term => TermNumber.Of(_open.Incarnation, _placings);

    private int Needed => _hasBegun ? Terms.MinNodes : Math.Max(Terms.Nodes, Terms.MinNodes);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.Watch(_client);
        if (_client.Path.Address.HasGlobalScope)
        {
            var path = $"{_client.Path}/{ClientLink.NameOf(_open.Incarnation)}";
            _link = Context.ActorOf(Props.Create(() => new LinkActor<T>(0, path, new LinkMeter(1, 0))),
                ClientLink.Name);
        }
        AkkaCluster.Get(Context.System).Subscribe(
            Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent),
            typeof(ClusterEvent.IReachabilityEvent));
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        NodeBook.Of(Context.System).Runs.TryRemove(Self, out _);
        AkkaCluster.Get(Context.System).Unsubscribe(Self);
    }

    /// <inheritdoc/>
    /// <remarks>A part of the run that throws has lost its place, and its links theirs: it is not begun anew.</remarks>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(e =>
    {
        Break(new RunBroken($"the coordinator failed: {e.Message}"));
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
            case Work<T> work when IsCurrent(work.Term) && _coordinator is not null:
                Do(work);
                break;
            case WorkEnded ended when IsCurrent(ended.Work.Term):
                Finish(ended);
                break;
            case ClusterEvent.CurrentClusterState or ClusterEvent.IMemberEvent or ClusterEvent.IReachabilityEvent:
                OnMembers(message);
                break;
            case TermReady ready when IsCurrent(ready.Term):
                Timers.Cancel(OutOfPatience.Instance);
                _coordinator = ready.Coordinator;
                _hasBegun = true;
                ToClient(new TermBegun(Term, _used.Count, _step));
                break;
            case TermBroken broken when IsCurrent(broken.Term):
                Break(new RunBroken(broken.Cause, broken.Vertex));
                break;
            case OutOfPatience:
                GiveUp();
                break;
            case LinkFailed failed:
                Break(new RunBroken(failed.Describe("the run's client")));
                break;
            case CloseRun or Terminated:
                Context.Stop(Self);
                break;
            case TermReady or TermBroken or WorkEnded or Work<T> or RunTerms or RunVertex<T>:
                // Of a term that is over.
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Whether a term is under way still: what comes from an abandoned one tells nothing any more.</summary>
    private bool IsCurrent(int term) => term == Term && _term is not null;

    private void Begin()
    {
        if (!_plan.IsComplete) return;
        try
        {
            _graph = _plan.Build();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Break(new RunBroken($"the coordinator cannot read the graph: {e.Message}"));
            return;
        }
        (_states, _step, _hasBegun) = (_plan.States(), Terms.Step, Terms.HasBegun);
        NodeBook.Of(Context.System).Runs[Self] = () => new RunStatus(
            _open.Run, Terms.Model, $"{_clientNode.Host}:{_clientNode.Port}", TermNumber.Show(Term),
            _coordinator is null ? 0 : _used.Count,
            Volatile.Read(ref _stepsDone));
        _workers = new Workers(Terms.Version);
        foreach (var change in _earlyChanges) _workers.Follow(change);
        Wait();
        Place();
    }

    private void OnMembers(object change)
    {
        if (_workers is null) _earlyChanges.Add(change);
        else _workers.Follow(change);
        if (_term is not null && change is ClusterEvent.MemberRemoved removed && _used.Contains(removed.Member.Address))
            Abandon($"{removed.Member.Address.Host}:{removed.Member.Address.Port} has left");
        Place();
    }

    private void Wait() => Timers.StartSingleTimer(OutOfPatience.Instance, OutOfPatience.Instance, Terms.Patience);

    private void GiveUp() => Break(new RunBroken(
        _term is null
            ? $"{_workers!.Usable.Count} of {Needed} worker nodes are there after {Terms.Patience.TotalSeconds:0} "
                + $"s{_workers.OtherVersions}"
            : $"the vertices could not be started within {Terms.Patience.TotalSeconds:0} s"));

    private void Place()
    {
        if (_workers is null || _term is not null || _isBroken || _workers.Usable.Count < Needed) return;
        _placings++;
        _used = [.. _workers.Usable.Take(_graph!.Vertices.Count)];
        Volatile.Write(ref _stepsDone, _step);
        _desk = new WorkDesk<T>(_graph, Terms.Options);
        Wait();
        int[] places = [.. Placement.Of(_graph, Terms.Options, [.. _used.Select(_workers.WeightOf)]).Places];
        var term = new Term<T>(
            _open.Run, _clientNode.ToString(), Term, _graph, Terms.Options, Terms.Retries, _used, places, _states,
            _step, Terms.Trace);
        _term = Context.ActorOf(Props.Create(() => new TermActor<T>(term)), $"t{Term}");
    }

    private void Abandon(string why)
    {
        ToClient(new TermEnded(Term, why));
        Context.Stop(_term);
        (_term, _coordinator) = (null, null);
        Wait();
    }

    private void Do(Work<T> work)
    {
        Job job;
        try
        {
            job = _desk!.JobOf(work);
        }
        catch (WireException e)
        {
            Break(new RunBroken($"from the run's client came {e.Message}"));
            return;
        }
        Begin(job).PipeTo(Self, Self, result => new WorkEnded(work, job, result),
            error => new WorkEnded(work, job, RunBroken.Of(error)));
    }

    /// <summary>Gives a job to the term's coordinator, an inference between two counts: a client cannot know
    /// beforehand how many messages it takes.</summary>
    private Task<object> Begin(Job job)
    {
        if (job is not InferenceJob<T> inference)
        {
            _coordinator!.Tell(job, Self);
            return job.ResultAsync();
        }
        var (before, after) = (new CounterCollection(), new CounterCollection());
        foreach (var one in new Job[] { before, job, after }) _coordinator!.Tell(one, Self);
        return CountedAsync();

        async Task<object> CountedAsync()
        {
            var (start, (values, record), end) = (await before.Task.ConfigureAwait(false),
                await inference.Task.ConfigureAwait(false), await after.Task.ConfigureAwait(false));
            return new InferenceDone<T>([.. values.Select(v => new VertexValue<T>(v.Key, v.Value))], record,
                new MessageCounts(end.Values - start.Values, end.Errors - start.Errors));
        }
    }

    private void Finish(WorkEnded ended)
    {
        if (ended.Result is StepResult step) Volatile.Write(ref _stepsDone, step.Step);
        foreach (var message in _desk!.Finish(ended.Work, ended.Job, ended.Result))
        {
            if (message is RunBroken broken) Break(broken);
            else ToClient(message);
        }
        // Not what has come, but what the client knows of: words of finished work may come out of order.
        if (_desk.Told is { } told) (_step, _states) = (told.Step, told.States);
    }

    private void Break(RunBroken broken)
    {
        if (_isBroken) return;
        _isBroken = true;
        Timers.CancelAll();
        ToClient(broken);
    }

    private void ToClient(object message)
    {
        if (_link is null) _client.Tell(message, Self);
        else _link.Tell(new Outgoing(LinkAddress.Node, LinkAddress.Node, message), Self);
    }

    /// <summary>From the term's coordinator: how a piece of work ended.</summary>
    private sealed record WorkEnded(Work<T> Work, Job Job, object Result);

    private sealed record OutOfPatience
    {
        public static OutOfPatience Instance { get; } = new();
    }
}
