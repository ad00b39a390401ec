using Akka.Actor;
using Akka.Cluster;
using PcActors.Cluster.Membership;
using PcActors.Cluster.Wire;

namespace PcActors.Cluster.Status;

/// <summary>Answers anybody who asks how the node and its cluster are, members or not.</summary>
internal sealed class StatusActor : UntypedActor
{
    /// <summary>The actor's name, below /user.</summary>
    public const string Name = "status";

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (message is AskStatus) Sender.Tell(Answer(), Self);
        else Unhandled(message);
    }

    private static StatusAnswer Answer()
    {
        var (state, book) = (AkkaCluster.Get(Context.System).State, NodeBook.Of(Context.System));
        var coordinators = new Coordinators();
        coordinators.Follow(state);
        return new StatusAnswer(
            [
                .. state.Members.OrderBy(m => m, Member.AgeOrdering).Select(m => new NodeStatus(
                    $"{m.Address.Host}:{m.Address.Port}",
                    [.. m.Roles.Where(NodeRoles.IsOfNode).Order(StringComparer.Ordinal)], m.Status.ToString(),
                    m.AppVersion.Version, !state.Unreachable.Contains(m), m.Address == coordinators.Oldest)),
            ],
            [.. book.Parts.Values.Select(read => read())],
            [.. book.Runs.Values.Select(read => read())]);
    }
}
