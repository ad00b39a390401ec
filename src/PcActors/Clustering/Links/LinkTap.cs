using Akka.Actor.Setup;
using Google.Protobuf;

namespace PcActors.Clustering.Links;

/// <summary>Stands between links and the network: what becomes of a packet. For tests that lose, double and reorder packets.</summary>
/// <param name="pass">Takes a packet, gives those that go out now. It is called by many threads.</param>
internal sealed class LinkTap(Func<IMessage, IEnumerable<IMessage>> pass) : Setup
{
    public IEnumerable<IMessage> Pass(IMessage packet) => pass(packet);
}
