using System.Numerics;
using System.Runtime.CompilerServices;
using Akka.Actor;
using PcActors.Actors;
using PcActors.Cluster.Links;
using PcActors.Cluster.Traces;
using PcActors.Cluster.Wire.Schema;
using PcActors.Learning.Protocol;
using PcActors.Learning.Vertices;
using PcActors.Learning;
using PcActors.Tracing;
using PcActors.Tracing.Recording;
using NodeTracing = PcActors.Tracing.Recording.NodeTracing;

namespace PcActors.Cluster.Hosting;

/// <summary>The coordinator's part of one epoch of a run: opens the workers' parts, sends them the plan, and gives the coordinator a
/// <see cref="RemoteVertex"/> for every vertex. It ends with the epoch, and all of the epoch with it.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class CoordinatorRun<T> : UntypedActor
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly TimeSpan AskInterval = TimeSpan.FromSeconds(1);

    private readonly RunEpoch<T> _epoch;
    private readonly RetryPolicy _retries;
    private readonly IActorRef[] _links;
    private readonly HashSet<int> _unopened;
    private readonly HashSet<int> _unspawned;
    private readonly ICancelable _timer;
    private readonly string[] _paths;
    private readonly int[] _parameters;
    private readonly HashSet<int> _learning;
    private readonly TrafficBook _traffic;
    private NodeTrace? _trace;
    private Dictionary<int, ParameterSnapshot<T>>? _snapshot;
    private long _snapshotStep;
    private IActorRef[] _vertices = [];
    private IActorRef? _coordinator;

    public CoordinatorRun(RunEpoch<T> epoch, RetryPolicy retries)
    {
        (_epoch, _retries) = (epoch, retries);
        _links = new IActorRef[epoch.Workers.Count + 1];
        _unopened = [.. Enumerable.Range(1, epoch.Workers.Count)];
        _unspawned = [.. _unopened];
        _parameters = [.. epoch.Graph.Parameters.Select(v => v.Id)];
        _learning = [.. _parameters.Where(epoch.Graph.RequiresError)];
        _traffic = new TrafficBook(epoch.Workers.Count);
        var self = Self.Path.ToStringWithAddress(AkkaCluster.Get(Context.System).SelfAddress);
        _paths = [self, .. epoch.Workers.Select(w => $"{HostPath(w)}/{HostActor.PartName(epoch.Run, epoch.Epoch)}")];
        _timer = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(AskInterval, AskInterval, Self, AskAgain.Instance, Self);
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        for (var node = 1; node < _links.Length; node++)
        {
            var (peer, path) = (node, $"{_paths[node]}/link-0");
            var meter = _traffic.OwnMeter(node);
            _links[node] = Context.ActorOf(Props.Create(() => new LinkActor<T>(peer, path, meter)), $"link-{node}");
        }
        if (_epoch.Trace is { } tracing) Trace(tracing);
        Open();
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        if (_trace is not null)
        {
            TraceExtension.Of(Context.System).Detach(Self);
            _ = _trace.EndAsync();
        }
        _timer.Cancel();
        _traffic.Fail();
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(e =>
    {
        Context.Parent.Tell(new EpochBroken(_epoch.Epoch, e.Message), Self);
        return Directive.Stop;
    });

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case VerticesSpawned { Index: var index } when !IsNode(index):
            case NodeFault { Index: var faulty } when !IsNode(faulty):
            case LinkCountersReport { Index: var counting } when !IsNode(counting):
                Context.Parent.Tell(new EpochBroken(_epoch.Epoch, "a node gives a number that none of the run's has"), Self);
                break;
            case RunOpened opened when opened.Epoch == _epoch.Epoch && opened.Run == _epoch.Run:
                if (_unopened.Remove(opened.Index)) SendPlan(opened.Index);
                break;
            case RunOpened:
                break;
            case PartFailed failed when failed.Epoch == _epoch.Epoch && failed.Run == _epoch.Run && IsNode(failed.Index):
                Context.Parent.Tell(new EpochBroken(_epoch.Epoch, $"node {_epoch.Workers[failed.Index - 1]} failed: {failed.Cause}"), Self);
                break;
            case PartFailed:
                break;
            case VerticesSpawned spawned:
                _unspawned.Remove(spawned.Index);
                if (_unspawned.Count == 0 && _coordinator is null) Begin();
                break;
            // A step's coordinator says at which step; of a snapshot it knows nothing.
            case VertexFault fault when _coordinator is { } coordinator && _snapshot is null:
                coordinator.Tell(new VertexFailed(fault.Vertex, new RunFailedException(fault.Cause)), Self);
                break;
            case VertexFault fault:
                Context.Parent.Tell(new EpochBroken(_epoch.Epoch, $"the vertex '{fault.Vertex}' failed: {fault.Cause}", fault.Vertex), Self);
                break;
            case NodeFault fault:
                Context.Parent.Tell(new EpochBroken(_epoch.Epoch, $"node {_epoch.Workers[fault.Index - 1]}: {fault.Cause}"), Self);
                break;
            case LinkFailed failed:
                Context.Parent.Tell(
                    new EpochBroken(_epoch.Epoch, $"from node {_epoch.Workers[failed.Peer - 1]} came {failed.Cause.Message}"), Self);
                break;
            case TakeSnapshot take:
                (_snapshot, _snapshotStep) = ([], take.Step);
                foreach (var id in _parameters) _vertices[id].Tell(new RequestSnapshot(), Self);
                break;
            case RemoteArrival { Message: SnapshotReport<T> report }:
                _trace?.Recorder.Pass(new Envelope(message, Sender), TraceRecord.Coordinator);
                Enter(report);
                break;
            case SnapshotReport<T> report:
                Enter(report);
                break;
            case LinkCounterCollection collection:
                _traffic.Open(collection);
                for (var node = 1; node < _links.Length; node++) Tell(node, new RequestLinkCounters());
                break;
            case LinkCountersReport report:
                _traffic.Enter(report);
                break;
            case AskAgain:
                // Links repair what is lost on them; this goes before there is one.
                Open();
                break;
            default:
                _coordinator?.Forward(message);
                break;
        }
    }

    private bool IsNode(int index) => index >= 1 && index <= _epoch.Workers.Count;

    private void Trace(NodeTracing tracing)
    {
        _trace = NodeTraces.Of(Context.System).Begin<T>(new TracePlace(_epoch.Run, _epoch.Client, _epoch.Epoch, 0, _links.Length), Self, tracing);
        if (_trace is null) return;
        // What it asks parameters, it asks for the coordinator.
        _trace.Recorder.Register(Self, TraceRecord.Coordinator);
        foreach (var link in _links.Skip(1)) link.Tell(new TraceWith(_trace.Recorder), Self);
    }

    private static string HostPath(Address worker) => $"{worker}/user/{HostActor.Name}";

    private static IActorRef Host(Address worker) => ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(HostPath(worker));

    private void Open()
    {
        foreach (var index in _unopened)
        {
            var open = new OpenRun { Run = _epoch.Run, Epoch = _epoch.Epoch, Index = index, ElementBytes = Unsafe.SizeOf<T>(), Client = _epoch.Client };
            open.Paths.AddRange(_paths);
            Host(_epoch.Workers[index - 1]).Tell(open, Self);
        }
    }

    private void SendPlan(int index)
    {
        var graph = _epoch.Graph;
        Tell(index, new RunOptions(_epoch.Options, _epoch.Trace));
        foreach (var vertex in graph.Vertices.Where(v => NodeOf(v.Id) == index))
        {
            var description = VertexDescription<T>.Of(graph, vertex.Id, _epoch.Snapshot.GetValueOrDefault(vertex.Id));
            Tell(index, new VertexPlan<T>(
                description,
                [.. graph.Inputs(vertex.Id).Select(e => new Place(e.From, NodeOf(e.From)))],
                [.. graph.Consumers(vertex.Id).Select(e => new Place(e.To, NodeOf(e.To)))]));
        }
        Tell(index, new SpawnVertices(CountOn(index)));
    }

    private void Begin()
    {
        var plan = StepPlan.Of(_epoch.Graph, _epoch.Options);
        var (options, retries) = (_epoch.Options, _retries);
        _coordinator = Context.ActorOf(Props.Create(() => new Coordinator<T>(plan, options, retries)).WithMailbox(TraceMailbox.CoordinatorPath), VertexNames.Coordinator);
        _vertices = new IActorRef[_epoch.Places.Length];
        for (var id = 0; id < _vertices.Length; id++)
            _vertices[id] = Context.ActorOf(RemoteVertex.Of(id, _links[NodeOf(id)]), VertexNames.OfRemote(id));
        for (var node = 1; node < _links.Length; node++)
        {
            var index = node;
            _links[node].Tell(
                new Routes(
                    new Dictionary<int, IActorRef> { [LinkAddress.Coordinator] = Self, [LinkAddress.Node] = Self },
                    Enumerable.Range(0, _vertices.Length).Where(id => NodeOf(id) == index).ToDictionary(id => id, id => _vertices[id])),
                Self);
        }
        _coordinator.Tell(new VerticesReady(_vertices), Self);
        Context.Parent.Tell(new EpochReady(_epoch.Epoch), Self);
    }

    private int CountOn(int index) => _epoch.Places.Count(p => p + 1 == index);

    private void Enter(SnapshotReport<T> report)
    {
        // An answer to an earlier question may be late.
        if (_snapshot is null || (_learning.Contains(report.Vertex) && report.Snapshot.Updates != _snapshotStep)) return;
        _snapshot[report.Vertex] = report.Snapshot;
        if (_snapshot.Count < _parameters.Length) return;
        Context.Parent.Tell(new SnapshotTaken<T>(_epoch.Epoch, _snapshot), Self);
        _snapshot = null;
    }

    private int NodeOf(int vertex) => _epoch.Places[vertex] + 1;

    private void Tell(int node, object message) => _links[node].Tell(new Outgoing(LinkAddress.Node, LinkAddress.Node, message), Self);
}
