using Akka.Actor;
using Akka.Event;
using PcActors.Runs;
using PcActors.Tracing.Recording;

namespace PcActors.Cluster.Links;

/// <summary>A vertex, or the coordinator, of another node, as local ones know it: it hands what it
/// is sent to the link.</summary>
/// <param name="id">Its id or one of <see cref="LinkAddress"/>.</param>
/// <param name="link">The link to its node.</param>
internal sealed class RemoteVertex(int id, IActorRef link) : UntypedActor
{
    /// <summary>How to make one.</summary>
    public static Props Of(int id, IActorRef link) =>
        Props.Create(() => new RemoteVertex(id, link)).WithMailbox(TraceMailbox.RemotePath);

    /// <inheritdoc/>
    /// <remarks>Who is neither a vertex nor the coordinator has nothing to say to one.</remarks>
    protected override void OnReceive(object message)
    {
        if (AddressOf(Sender.Path.Name) is not { } from)
        {
            Context.GetLogger().Debug("a {0} from {1} is dropped", message.GetType().Name, Sender.Path);
            return;
        }
        link.Tell(
            message is Departure departure
                ? new Outgoing(from, id, departure.Message, departure.Number)
                : new Outgoing(from, id, message), Self);
    }

    private static int? AddressOf(string sender) =>
        sender == VertexNames.Coordinator ? LinkAddress.Coordinator
        : VertexNames.IdOf(sender) is var vertex and not VertexNames.None ? vertex
        : null;
}
