using Akka.Actor.Setup;
using Google.Protobuf;

namespace PcActors.Cluster.Links;

/// <summary>Stands between links and the network: what becomes of a packet. For tests that lose, double and reorder packets.</summary>
/// <param name="pass">Takes the end that a packet goes to and the packet, gives those that go there now. It is called by many threads.</param>
internal sealed class LinkTap(Func<string, IMessage, IEnumerable<IMessage>> pass) : Setup
{
    public IEnumerable<IMessage> Pass(string end, IMessage packet) => pass(end, packet);
}
