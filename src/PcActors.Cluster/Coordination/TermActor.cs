using System.Numerics;
using System.Runtime.CompilerServices;
using Akka.Actor;
using PcActors.Cluster.Hosting;
using PcActors.Cluster.Links;
using PcActors.Cluster.Membership;
using PcActors.Cluster.Traces;
using PcActors.Cluster.Wire;
using PcActors.Learning.Vertices;
using PcActors.Runs;
using PcActors.Tracing.Recording;

namespace PcActors.Cluster.Coordination;

/// <summary>The coordinator's part of one term of a run: opens the workers' parts, sends them the
/// plan, and gives the coordinator a <see cref="RemoteVertex"/> for every vertex. It ends with the term, and all
/// of the term with it.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class TermActor<T> : UntypedActor, IWithTimers
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly TimeSpan AskInterval = TimeSpan.FromSeconds(1);

    private readonly Term<T> _term;
    private readonly IActorRef[] _links;
    private readonly string[] _paths;
    private readonly List<LinkMeter> _meters = [];
    private readonly HashSet<int> _unopened;
    private readonly HashSet<int> _unspawned;
    private NodeTrace? _trace;
    private IActorRef? _coordinator;

    public TermActor(Term<T> term)
    {
        _term = term;
        _links = new IActorRef[term.Workers.Count + 1];
        _unopened = [.. Enumerable.Range(1, term.Workers.Count)];
        _unspawned = [.. _unopened];
        var self = Self.Path.ToStringWithAddress(AkkaCluster.Get(Context.System).SelfAddress);
        _paths = [self, .. term.Workers.Select(w => $"{HostPath(w)}/{HostActor.PartName(term.Run, term.Number)}")];
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        for (var node = 1; node < _links.Length; node++)
        {
            var (peer, path) = (node, $"{_paths[node]}/link-0");
            var meter = new LinkMeter(0, peer);
            _links[node] = Context.ActorOf(Props.Create(() => new LinkActor<T>(peer, path, meter)), $"link-{node}");
            _meters.Add(meter);
        }
        NodeBook.Of(Context.System).Links[Self] = () => _meters.ConvertAll(m => m.Read());
        if (_term.Trace is { } tracing) Trace(tracing);
        Open();
        // Links repair what is lost on them; this goes before there is one.
        Timers.StartPeriodicTimer(AskAgain.Instance, AskAgain.Instance, AskInterval);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        NodeBook.Of(Context.System).Links.TryRemove(Self, out _);
        if (_trace is null) return;
        TraceExtension.Of(Context.System).Detach(Self);
        _ = _trace.EndAsync();
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(e =>
    {
        Break(e.Message);
        return Directive.Stop;
    });

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case PartOpened or PartFailed when !IsOfTerm(message):
                break;
            case PartOpened opened:
                if (_unopened.Remove(opened.Index)) SendPlan(opened.Index);
                if (_unopened.Count == 0) Timers.Cancel(AskAgain.Instance);
                break;
            case PartFailed failed:
                Break($"node {NameOf(failed.Index)} failed: {failed.Cause}");
                break;
            case VerticesSpawned { Index: var index } when !IsNode(index):
            case NodeFault { Index: var faulty } when !IsNode(faulty):
                Break("a node gives a number that none of the run's has");
                break;
            case VerticesSpawned spawned:
                _unspawned.Remove(spawned.Index);
                if (_unspawned.Count == 0 && _coordinator is null) Begin();
                break;
            case VertexFault fault when _coordinator is { } coordinator:
                coordinator.Tell(new VertexFailed(fault.Vertex, new RunFailedException(fault.Cause)), Self);
                break;
            case VertexFault fault:
                Break($"the vertex '{fault.Vertex}' failed: {fault.Cause}", fault.Vertex);
                break;
            case NodeFault fault:
                Break($"node {NameOf(fault.Index)}: {fault.Cause}");
                break;
            case LinkFailed failed:
                Break(failed.Describe($"node {NameOf(failed.Peer)}"));
                break;
            case AskAgain:
                Open();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private static string HostPath(Address worker) => $"{worker}/user/{HostActor.Name}";

    private bool IsNode(int index) => index >= 1 && index <= _term.Workers.Count;

    private bool IsOfTerm(object message) => message is PartOpened opened
        ? opened.Run == _term.Run && opened.Term == _term.Number && IsNode(opened.Index)
        : message is PartFailed failed && failed.Run == _term.Run && failed.Term == _term.Number
            && IsNode(failed.Index);

    private string NameOf(int node) => _term.Workers[node - 1].ToString();

    private int NodeOf(int vertex) => _term.Places[vertex] + 1;

    private void Break(string cause, string? vertex = null) =>
        Context.Parent.Tell(new TermBroken(_term.Number, cause, vertex), Self);

    private void Trace(NodeTracing tracing)
    {
        _trace = NodeTraces.Of(Context.System)
            .Begin<T>(new TracePlace(_term.Run, _term.Client, _term.Number, 0, _links.Length), Self, tracing);
        if (_trace is null) return;
        foreach (var link in _links.Skip(1)) link.Tell(new TraceWith(_trace.Recorder), Self);
    }

    private void Open()
    {
        foreach (var index in _unopened)
        {
            var open = new OpenPart(_term.Run, _term.Number, index, Unsafe.SizeOf<T>(), _paths, _term.Client);
            ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(HostPath(_term.Workers[index - 1]))
                .Tell(open, Self);
        }
    }

    private void SendPlan(int index)
    {
        var graph = _term.Graph;
        var vertices = graph.Vertices.Where(v => NodeOf(v.Id) == index).ToList();
        Tell(index, new RunOptions(_term.Options, _term.Trace));
        foreach (var vertex in vertices)
        {
            var description = VertexDescription<T>.Of(graph, vertex.Id, _term.States.GetValueOrDefault(vertex.Id));
            Tell(index, new VertexPlan<T>(
                description,
                [.. graph.Inputs(vertex.Id).Select(e => new Place(e.From, NodeOf(e.From)))],
                [.. graph.Consumers(vertex.Id).Select(e => new Place(e.To, NodeOf(e.To)))]));
        }
        Tell(index, new SpawnVertices(vertices.Count));
    }

    private void Begin()
    {
        var props = CoordinatorActor<T>.Props(StepPlan.Of(_term.Graph, _term.Options), _term.Options, _term.Retries,
            _term.Step);
        _coordinator = Context.ActorOf(props.WithMailbox(TraceMailbox.CoordinatorPath), VertexNames.Coordinator);
        var vertices = new IActorRef[_term.Places.Length];
        for (var id = 0; id < vertices.Length; id++)
            vertices[id] = Context.ActorOf(RemoteVertex.Of(id, _links[NodeOf(id)]), VertexNames.OfRemote(id));
        for (var node = 1; node < _links.Length; node++)
        {
            var index = node;
            _links[node].Tell(
                new Routes(
                    new Dictionary<int, IActorRef>
                    {
                        [LinkAddress.Coordinator] = _coordinator,
                        [LinkAddress.Node] = Self
                    },
                    Enumerable.Range(0, vertices.Length).Where(id => NodeOf(id) == index)
                        .ToDictionary(id => id, id => vertices[id])),
                Self);
        }
        _coordinator.Tell(new VerticesReady(vertices), Self);
        Context.Parent.Tell(new TermReady(_term.Number, _coordinator), Self);
    }

    private void Tell(int node, object message) =>
        _links[node].Tell(new Outgoing(LinkAddress.Node, LinkAddress.Node, message), Self);

    private sealed record AskAgain
    {
        public static AskAgain Instance { get; } = new();
    }
}
