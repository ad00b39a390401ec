using Akka.Actor;
using Akka.Cluster;

namespace PcActors.Cluster.Membership;

/// <summary>The cluster's workers, as membership events tell of them.</summary>
/// <param name="version">The version that a worker must have.</param>
internal sealed class Workers(string version)
{
    private readonly Dictionary<UniqueAddress, Member> _members = [];
    private readonly HashSet<UniqueAddress> _unreachable = [];
    private readonly SortedDictionary<string, string> _otherVersions = new(StringComparer.Ordinal);

    /// <summary>Those that vertices can be placed on, in order of address.</summary>
    public IReadOnlyList<Address> Usable =>
    [
        .. _members.Values.Where(m => m.Status == MemberStatus.Up && !_unreachable.Contains(m.UniqueAddress))
            .OrderBy(m => m.Address.ToString(), StringComparer.Ordinal).Select(m => m.Address),
    ];

    /// <summary>The weight of a worker.</summary>
    public double WeightOf(Address worker) =>
        NodeRoles.WeightOf(_members.Values.Where(m => m.Address == worker).SelectMany(m => m.Roles));

    /// <summary>Workers of other versions, as an appendix to a message.</summary>
    public string OtherVersions =>
        _otherVersions.Count == 0
            ? ""
            : $"; {string.Join(", ", _otherVersions.Select(s => $"{s.Key} runs version {s.Value}"))}, this node "
                + $"{version}";

    /// <summary>Takes an event in.</summary>
    public void Follow(object change)
    {
        switch (change)
        {
            case ClusterEvent.CurrentClusterState state:
                foreach (var member in state.Members) Add(member);
                foreach (var member in state.Unreachable) _unreachable.Add(member.UniqueAddress);
                break;
            case ClusterEvent.MemberRemoved removed:
                _members.Remove(removed.Member.UniqueAddress);
                _unreachable.Remove(removed.Member.UniqueAddress);
                break;
            case ClusterEvent.IMemberEvent { Member: var member }:
                Add(member);
                break;
            case ClusterEvent.UnreachableMember unreachable:
                _unreachable.Add(unreachable.Member.UniqueAddress);
                break;
            case ClusterEvent.ReachableMember reachable:
                _unreachable.Remove(reachable.Member.UniqueAddress);
                break;
        }
    }

    private void Add(Member member)
    {
        if (!member.HasRole(NodeRoles.Worker)) return;
        if (member.AppVersion.Version != version)
            _otherVersions[$"{member.Address.Host}:{member.Address.Port}"] = member.AppVersion.Version;
        else _members[member.UniqueAddress] = member;
    }
}
