using System.Numerics;
using Akka.Actor;
using PcActors.Cluster.Links;
using PcActors.Cluster.Membership;
using PcActors.Cluster.Traces;
using PcActors.Cluster.Wire;
using PcActors.Runs;
using PcActors.Runs.Threads;
using PcActors.Tensors;
using PcActors.Tracing.Recording;

namespace PcActors.Cluster.Hosting;

/// <summary>A worker's part of a run: it takes its part of the plan, spawns the vertices,
/// and supervises them.</summary>
/// <remarks>A vertex is the same actor as in one process. Its neighbours on other nodes are
/// <see cref="RemoteVertex"/> actors here.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class PartActor<T> : UntypedActor
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int CoordinatorNode = 0;

    private readonly OpenPart _open;
    private readonly IActorRef?[] _links;
    private readonly List<LinkMeter> _meters = [];
    private readonly Dictionary<int, VertexPlan<T>> _plans = [];
    private readonly Props _vertexProps = VertexActor<T>.Props.WithDispatcher(InProcess.Dispatcher)
        .WithMailbox(TraceMailbox.VertexPath);
    private NodeTrace? _trace;
    private RunOptions? _options;
    private bool _isSpawned;

    public PartActor(OpenPart open)
    {
        _open = open;
        _links = new IActorRef?[open.Paths.Count];
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        for (var peer = 0; peer < _links.Length; peer++)
        {
            if (peer == _open.Index) continue;
            var (number, path) = (peer, $"{_open.Paths[peer]}/link-{_open.Index}");
            var meter = new LinkMeter(_open.Index, peer);
            _links[peer] = Context.ActorOf(Props.Create(() => new LinkActor<T>(number, path, meter)), $"link-{peer}");
            _meters.Add(meter);
        }
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        NodeBook.Of(Context.System).Parts.TryRemove(Self, out _);
        NodeBook.Of(Context.System).Links.TryRemove(Self, out _);
        if (_trace is null) return;
        // The vertices are gone: nothing more comes to their mailboxes.
        TraceExtension.Of(Context.System).Detach(Self);
        _ = _trace.EndAsync();
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(e =>
    {
        var (vertex, cause) = VertexException.Parts(e);
        ToCoordinator(new VertexFault(vertex, cause.Message));
        return Directive.Stop;
    });

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RunOptions options:
                _options = options;
                if (options.Trace is { } tracing) Trace(tracing);
                break;
            case VertexPlan<T> plan:
                _plans[plan.Description.Id] = plan;
                break;
            case SpawnVertices spawn:
                Start(spawn);
                break;
            case LinkFailed failed:
                ToCoordinator(new NodeFault(_open.Index, failed.Describe($"node {failed.Peer}")));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Trace(NodeTracing tracing)
    {
        _trace = NodeTraces.Of(Context.System)
            .Begin<T>(new TracePlace(_open.Run, _open.Client, _open.Term, _open.Index, _links.Length), Self, tracing);
        if (_trace is null) return;
        foreach (var link in _links) link?.Tell(new TraceWith(_trace.Recorder), Self);
    }

    private void Start(SpawnVertices spawn)
    {
        try
        {
            if (_isSpawned) throw new WireException("the vertices are there already");
            if (_options is null || _plans.Count != spawn.Count)
                throw new WireException($"{_plans.Count} of {spawn.Count} vertices have come");
            Spawn(_options, [.. _plans.Values]);
            _isSpawned = true;
            var (open, vertices) = (_open, spawn.Count);
            Func<IReadOnlyList<LinkCounters>> links = () => _meters.ConvertAll(m => m.Read());
            NodeBook.Of(Context.System).Links[Self] = links;
            NodeBook.Of(Context.System).Parts[Self] = () => new PartStatus(
                open.Run, TermNumber.Show(open.Term), vertices, LinkMeter.Sum(links(), m => m.Sent),
                LinkMeter.Sum(links(), m => m.Received));
            _plans.Clear();
            ToCoordinator(new VerticesSpawned(_open.Index));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            ToCoordinator(new NodeFault(_open.Index, e.Message));
        }
    }

    private void Spawn(RunOptions options, List<VertexPlan<T>> plans)
    {
        var local = plans.ToDictionary(p => p.Description.Id,
            p => Context.ActorOf(_vertexProps, VertexNames.Of(p.Description.Id)));
        var coordinator = Context.ActorOf(RemoteVertex.Of(LinkAddress.Coordinator, _links[CoordinatorNode]!),
            VertexNames.Coordinator);
        var senders = new Dictionary<int, Dictionary<int, IActorRef>>();
        var remote = new Dictionary<int, IActorRef>();
        IActorRef Neighbour(Place place)
        {
            if (place.Node == _open.Index) return local[place.Vertex];
            if (remote.TryGetValue(place.Vertex, out var known)) return known;
            var link = _links[place.Node]!;
            return remote[place.Vertex] = Context.ActorOf(RemoteVertex.Of(place.Vertex, link),
                VertexNames.OfRemote(place.Vertex));
        }

        foreach (var plan in plans)
        {
            foreach (var place in plan.Inputs.Concat(plan.Consumers).Where(p => p.Node != _open.Index))
            {
                if (!senders.TryGetValue(place.Node, out var known)) senders[place.Node] = known = [];
                known[place.Vertex] = Neighbour(place);
            }
        }
        for (var peer = 0; peer < _links.Length; peer++)
        {
            var targets = new Dictionary<int, IActorRef>(local);
            if (!senders.TryGetValue(peer, out var known)) known = [];
            if (peer == CoordinatorNode)
            {
                targets[LinkAddress.Node] = Self;
                known[LinkAddress.Coordinator] = coordinator;
            }
            _links[peer]?.Tell(new Routes(targets, known), Self);
        }
        var threads = Context.System.Settings.Config.GetInt(
            $"{InProcess.Dispatcher}.{VertexThreadsConfigurator.ThreadsKey}", 1);
        var buffers = new BufferPool<T>();
        foreach (var plan in plans)
        {
            IActorRef[] inputs = [.. plan.Inputs.Select(Neighbour)];
            IActorRef[] consumers = [.. plan.Consumers.Select(Neighbour)];
            local[plan.Description.Id].Tell(
                new Connect<T>(plan.Description, options.Options, inputs, consumers, coordinator, threads, buffers),
                Self);
        }
    }

    private void ToCoordinator(object message) =>
        _links[CoordinatorNode]!.Tell(new Outgoing(LinkAddress.Node, LinkAddress.Node, message), Self);
}
