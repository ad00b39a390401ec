using Akka.Actor;
using Akka.Cluster;

namespace PcActors.Cluster.Membership;

/// <summary>Tells which other nodes the cluster has, HOST:PORT, whenever that changes.</summary>
/// <param name="tell">Told of them.</param>
internal sealed class Others(Action<IReadOnlyList<string>> tell) : UntypedActor
{
    private readonly AkkaCluster _cluster = AkkaCluster.Get(Context.System);
    private readonly HashSet<Address> _others = [];

    /// <inheritdoc/>
    protected override void PreStart() => _cluster.Subscribe(
        Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));

    /// <inheritdoc/>
    protected override void PostStop() => _cluster.Unsubscribe(Self);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        // A node that is removed sees all the others go, and they are whom it knows.
        if (message is not ClusterEvent.IMemberEvent { Member: var member } || _cluster.IsTerminated
            || member.Address == _cluster.SelfAddress) return;
        if (message is ClusterEvent.MemberRemoved) _others.Remove(member.Address);
        else _others.Add(member.Address);
        tell([.. _others.Select(a => $"{a.Host}:{a.Port}")]);
    }
}
