using Akka.Actor;
using Akka.Cluster;

namespace PcActors.Cluster.Membership;

/// <summary>The cluster's nodes that the coordinator may be on, as membership events tell of them.</summary>
internal sealed class Coordinators
{
    private readonly Dictionary<UniqueAddress, Member> _members = [];

    /// <summary>The node that it is on, or will be before long: the oldest; null when there is none.</summary>
    public Address? Oldest => _members.Values
        .Where(m => m.Status is MemberStatus.Up or MemberStatus.Leaving)
        .Aggregate((Member?)null, (oldest, m) => oldest is null || m.IsOlderThan(oldest) ? m : oldest)?.Address;

    /// <summary>Takes an event in.</summary>
    public void Follow(object change)
    {
        switch (change)
        {
            case ClusterEvent.CurrentClusterState state:
                foreach (var member in state.Members) Add(member);
                break;
            case ClusterEvent.MemberRemoved removed:
                _members.Remove(removed.Member.UniqueAddress);
                break;
            case ClusterEvent.IMemberEvent { Member: var member }:
                Add(member);
                break;
        }
    }

    private void Add(Member member)
    {
        if (member.HasRole(NodeRoles.Coordinator)) _members[member.UniqueAddress] = member;
    }
}
