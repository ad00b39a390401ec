using Akka.Actor.Setup;

namespace PcActors.Cluster.Links;

/// <summary>Stands between links and the network: what becomes of a packet. For tests that lose, double
/// and reorder packets.</summary>
/// <param name="pass">Takes the end that a packet goes to and the packet, gives those that go there now. It is
/// called by many threads.</param>
internal sealed class LinkTap(Func<string, object, IEnumerable<object>> pass) : Setup
{
    public IEnumerable<object> Pass(string end, object packet) => pass(end, packet);
}
