using System.Globalization;
using Akka.Actor;
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
    protected override void OnReceive(object message) => link.Tell(
        message is Departure departure
            ? new Outgoing(IdOf(Sender), id, departure.Message, departure.Number)
            : new Outgoing(IdOf(Sender), id, message), Self);

    private static int IdOf(IActorRef sender) =>
        sender.Path.Name is ['v', .. var digits]
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : LinkAddress.Coordinator;
}
