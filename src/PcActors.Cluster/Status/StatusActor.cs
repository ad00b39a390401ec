using Akka.Actor;
using Akka.Cluster;
using PcActors.Cluster.Membership;
using PcActors.Cluster.Wire.Schema;

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
        var answer = new StatusAnswer();
        foreach (var member in state.Members.OrderBy(m => m, Member.AgeOrdering))
        {
            answer.Members.Add(new MemberLine
            {
                Address = $"{member.Address.Host}:{member.Address.Port}",
                Path = $"{member.Address}/user/{Name}",
                Roles = { member.Roles.Where(NodeRoles.IsOfNode).Order(StringComparer.Ordinal) },
                Status = member.Status.ToString(),
                Version = member.AppVersion.Version,
                Reachable = !state.Unreachable.Contains(member),
                Coordinator = member.Address == coordinators.Oldest,
            });
        }
        foreach (var part in book.Parts.Values.Select(read => read()))
        {
            answer.Parts.Add(new PartLine
            {
                Run = part.Run,
                Term = part.Term,
                Vertices = part.Vertices,
                Sent = Wire.TrafficWire.Write(part.Sent),
                Received = Wire.TrafficWire.Write(part.Received),
            });
        }
        foreach (var run in book.Runs.Values.Select(read => read()))
            answer.Runs.Add(new RunLine { Run = run.Run, Model = run.Model, Client = run.Client, Term = run.Term, Nodes = run.Nodes, Step = run.Step });
        return answer;
    }
}
