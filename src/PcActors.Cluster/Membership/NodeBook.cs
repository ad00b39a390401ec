using System.Collections.Concurrent;
using Akka.Actor;
using PcActors.Cluster.Links;

namespace PcActors.Cluster.Membership;

/// <summary>What goes on on a node, for whoever asks: read without asking those who are at work.</summary>
internal sealed class NodeBook : IExtension
{
    /// <summary>Parts of runs, by whoever keeps them.</summary>
    public ConcurrentDictionary<IActorRef, Func<PartStatus>> Parts { get; } = [];

    /// <summary>What their ends of links have counted, by whoever keeps them.</summary>
    public ConcurrentDictionary<IActorRef, Func<IReadOnlyList<LinkCounters>>> Links { get; } = [];

    /// <summary>Runs of which the coordinator is here, by whoever keeps them.</summary>
    public ConcurrentDictionary<IActorRef, Func<RunStatus>> Runs { get; } = [];

    /// <summary>A node's book.</summary>
    public static NodeBook Of(ActorSystem system) => system.WithExtension<NodeBook, Provider>();

    private sealed class Provider : ExtensionIdProvider<NodeBook>
    {
        public override NodeBook CreateExtension(ExtendedActorSystem system) => new();
    }
}
