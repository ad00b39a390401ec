using System.Collections.Concurrent;
using System.Globalization;
using Akka.Actor;
using PcActors.Cluster.Coordination;

namespace PcActors.Cluster.Status;

/// <summary>What goes on on a node, for whoever asks: read without asking those who are at work.</summary>
internal sealed class NodeBook : IExtension
{
    /// <summary>Parts of runs, by whoever keeps them.</summary>
    public ConcurrentDictionary<IActorRef, Func<PartStatus>> Parts { get; } = [];

    /// <summary>Runs of which the coordinator is here, by whoever keeps them.</summary>
    public ConcurrentDictionary<IActorRef, Func<RunStatus>> Runs { get; } = [];

    /// <summary>A node's book.</summary>
    public static NodeBook Of(ActorSystem system) => system.WithExtension<NodeBook, Provider>();

    /// <summary>An epoch as people read it.</summary>
    public static string Show(int epoch) => string.Create(
        CultureInfo.InvariantCulture, $"{epoch >> EpochNumber.Shift}.{epoch & ((1 << EpochNumber.Shift) - 1)}");

    private sealed class Provider : ExtensionIdProvider<NodeBook>
    {
        public override NodeBook CreateExtension(ExtendedActorSystem system) => new();
    }
}
