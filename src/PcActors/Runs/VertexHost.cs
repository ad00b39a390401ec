using System.Numerics;
using Akka.Actor;
using PcActors.Graphs;
using PcActors.Learning.Vertices;
using PcActors.Runs.Threads;
using PcActors.Tensors;

namespace PcActors.Runs;

/// <summary>Spawns a graph's vertices, makes neighbours known to each other and supervises them.</summary>
/// <remarks>A vertex that throws is stopped, not restarted: its state would be gone, and the
/// run with it. The host reports the vertex's name and the cause.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class VertexHost<T> : UntypedActor
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly NetworkPlan<T> _plan;
    private readonly IActorRef _coordinator;
    private readonly Props _vertexProps;
    private readonly int _kernelThreads;

    /// <summary>A host for all vertices of a graph.</summary>
    /// <param name="plan">What runs.</param>
    /// <param name="coordinator">Who begins steps.</param>
    /// <param name="vertexProps">How to make a vertex, with its dispatcher and mailbox.</param>
    /// <param name="kernelThreads">How many threads may work at a vertex's kernel.</param>
    public VertexHost(NetworkPlan<T> plan, IActorRef coordinator, Props vertexProps, int kernelThreads) =>
        (_plan, _coordinator, _vertexProps, _kernelThreads) = (plan, coordinator, vertexProps, kernelThreads);

    protected override void PreStart()
    {
        try
        {
            Spawn();
        }
        catch (Exception e)
        {
            _coordinator.Tell(new HostFailed(e), Self);
        }
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(e =>
    {
        var (vertex, cause) = VertexException.Parts(e);
        _coordinator.Tell(new VertexFailed(vertex, cause), Self);
        return Directive.Stop;
    });

    protected override void OnReceive(object message) => Unhandled(message);

    private void Spawn()
    {
        var graph = _plan.Graph;
        var buffers = new BufferPool<T>();
        var vertices = new IActorRef[graph.Vertices.Count];
        // What only predicts writes to no weights.
        var homes = VertexHomes.Of(graph, _plan.Options.OnlyPredicts ? 1 : _kernelThreads);
        for (var id = 0; id < vertices.Length; id++)
        {
            vertices[id] = Context.ActorOf(_vertexProps, VertexNames.Of(id));
            if (vertices[id] is LocalActorRef { Cell.Mailbox.MessageQueue: SmallMessageQueue queue })
                queue.Home = homes[id];
        }
        for (var id = 0; id < vertices.Length; id++)
        {
            var description = VertexDescription<T>.Of(graph, id,
                _plan.Snapshot?.States.GetValueOrDefault(graph.Vertices[id].Name));
            var inputs = References(vertices, graph.Inputs(id), e => e.From);
            var consumers = References(vertices, graph.Consumers(id), e => e.To);
            vertices[id].Tell(
                new Connect<T>(description, _plan.VertexOptions, inputs, consumers, _coordinator, _kernelThreads,
                    buffers),
                Self);
        }
        _coordinator.Tell(new VerticesReady(vertices), Self);
    }

    private static IActorRef[] References(IActorRef[] vertices, IReadOnlyList<Edge> edges, Func<Edge, int> end)
    {
        var references = edges.Count == 0 ? [] : new IActorRef[edges.Count];
        for (var i = 0; i < references.Length; i++) references[i] = vertices[end(edges[i])];
        return references;
    }
}
