using System.Collections.Concurrent;
using System.Numerics;
using Akka.Actor;
using PcActors.Tracing.Recording;

namespace PcActors.Cluster.Traces;

/// <summary>What this node has recorded of runs, until whoever asked for it has fetched it.</summary>
internal sealed class NodeTraces : IExtension
{
    private readonly ConcurrentDictionary<TracePlace, NodeTrace> _traces = [];
    private readonly ActorSystem _system;
    private readonly string _node;

    private NodeTraces(ActorSystem system)
    {
        _system = system;
        var address = AkkaCluster.Get(system).SelfAddress;
        _node = $"{address.Host}:{address.Port}";
        system.RegisterOnTermination(() => Forget(_ => true));
    }

    /// <summary>A node's.</summary>
    public static NodeTraces Of(ActorSystem system) => system.WithExtension<NodeTraces, Provider>();

    /// <summary>Begins to record what comes to an actor's children. A trace is no reason for a run to
    /// fail: where there is no room for it, its place says why.</summary>
    /// <param name="place">The actor's place in the run.</param>
    /// <param name="parent">The actor.</param>
    /// <param name="tracing">What is recorded.</param>
    /// <returns>What is recorded; null when nothing can be.</returns>
    public NodeTrace? Begin<T>(TracePlace place, IActorRef parent, NodeTracing tracing)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var trace = _traces[place] = new NodeTrace(_node);
        try
        {
            trace.Begin<T>(tracing);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            trace.Failure = e.Message;
            return null;
        }
        TraceExtension.Of(_system).Attach(parent, trace.Recorder);
        return trace;
    }

    /// <summary>What there is of a run, by place.</summary>
    public IEnumerable<KeyValuePair<TracePlace, NodeTrace>> Of(string run) => _traces.Where(t => t.Key.Run == run);

    /// <summary>Gives up what there is of a run.</summary>
    public void Forget(string run) => Forget(p => p.Run == run);

    /// <summary>Gives up what nobody will fetch: the client's node has left.</summary>
    public void ForgetOf(Address client) => Forget(p => p.Client == client.ToString());

    private void Forget(Func<TracePlace, bool> which)
    {
        foreach (var place in _traces.Keys.Where(which))
        {
            if (_traces.TryRemove(place, out var trace)) trace.Dispose();
        }
    }

    private sealed class Provider : ExtensionIdProvider<NodeTraces>
    {
        public override NodeTraces CreateExtension(ExtendedActorSystem system) => new(system);
    }
}

/// <summary>A place in a run: the coordinator's is 0, workers follow.</summary>
/// <param name="Run">The run.</param>
/// <param name="Client">Address of its client's node.</param>
/// <param name="Term">Its term.</param>
/// <param name="Index">The place.</param>
/// <param name="Nodes">How many there are, the coordinator's among them.</param>
internal sealed record TracePlace(string Run, string Client, int Term, int Index, int Nodes);
