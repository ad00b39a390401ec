using System.Numerics;
using PcActors.Cluster.Wire;
using PcActors.Learning.Protocol;

namespace PcActors.Cluster.Links;

/// <summary>Counts at one end of a link. The link alone writes; anybody may read.</summary>
/// <param name="node">The node that counts.</param>
/// <param name="peer">The node at the other end.</param>
internal sealed class LinkMeter(int node, int peer)
{
    private readonly Direction _sent = new();
    private readonly Direction _received = new();
    private long _resent;
    private long _repeated;

    /// <summary>A message goes out.</summary>
    public void Send<T>(object message)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => _sent.Count<T>(message);

    /// <summary>A packet goes out for the first time.</summary>
    public void Send(LinkPacket packet) => _sent.Count(packet);

    /// <summary>Packets go out again.</summary>
    public void Resend(int packets) => Volatile.Write(ref _resent, _resent + packets);

    /// <summary>A message has come in.</summary>
    public void Receive<T>(object message)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => _received.Count<T>(message);

    /// <summary>A packet has come in.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="repeated">How many have come more than once by now.</param>
    public void Receive(LinkPacket packet, long repeated)
    {
        if (repeated == _repeated) _received.Count(packet);
        else Volatile.Write(ref _repeated, repeated);
    }

    /// <summary>The counts by now.</summary>
    public LinkCounters Read() =>
        new(node, peer, _sent.Read(), _received.Read(), Volatile.Read(ref _resent), Volatile.Read(ref _repeated));

    /// <summary>What several ends have counted in one direction.</summary>
    public static LinkTraffic Sum(IEnumerable<LinkCounters> ends, Func<LinkCounters, LinkTraffic> direction) =>
        ends.Select(direction).Aggregate(
        default(LinkTraffic),
        (sum, t) =>
            new(sum.Messages + t.Messages, sum.PayloadBytes + t.PayloadBytes, sum.Packets + t.Packets,
                sum.Bytes + t.Bytes));

    private sealed class Direction
    {
        private long _messages;
        private long _payloadBytes;
        private long _packets;
        private long _bytes;

        public void Count<T>(object message)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var payload = message switch
            {
                ValueMessage<T> value => value.Value.Bytes,
                ErrorMessage<T> error => error.Error.Bytes,
                _ => -1,
            };
            if (payload < 0) return;
            Volatile.Write(ref _payloadBytes, _payloadBytes + payload);
            Volatile.Write(ref _messages, _messages + 1);
        }

        public void Count(LinkPacket packet)
        {
            Volatile.Write(ref _packets, _packets + 1);
            Volatile.Write(ref _bytes, _bytes + packet.Size);
        }

        public LinkTraffic Read() => new(
            Volatile.Read(ref _messages), Volatile.Read(ref _payloadBytes), Volatile.Read(ref _packets),
            Volatile.Read(ref _bytes));
    }
}

/// <summary>What one node has counted at its end of the link to another one.</summary>
/// <param name="Node">The node that counts, by its place in the run: 0 is the coordinator's, workers follow.</param>
/// <param name="Peer">The node at the other end.</param>
/// <param name="Sent">From here to there.</param>
/// <param name="Received">From there to here.</param>
/// <param name="Resent">Packets that were sent again, because they were lost or seemed to be.</param>
/// <param name="Repeated">Packets that came more than once.</param>
internal sealed record LinkCounters(int Node, int Peer, LinkTraffic Sent, LinkTraffic Received, long Resent,
    long Repeated);
