using PcActors.Cluster.Wire;

namespace PcActors.Cluster.Links;

/// <summary>The receiving end of a link. Packets may be lost, doubled or out of order: it gives out
/// every parcel whole, once, and in the order of sending. Plain, without actors.</summary>
/// <param name="acknowledgeEvery">Bytes after which an acknowledgement is due.</param>
/// <param name="window">Bytes of packets that are kept because an earlier one is missing. One
/// beyond that is as good as lost: the sender, who keeps to the same window, still has it.</param>
internal sealed class LinkReceiver(long acknowledgeEvery, long window)
{
    /// <summary>Ranges that an answer names at most; the rest is for the next one.</summary>
    private const int MaxRanges = 256;

    private readonly Dictionary<long, LinkPacket> _early = [];
    private readonly ParcelAssembly _assembly = new();
    private readonly List<Parcel> _whole = [];
    private readonly List<PacketRange> _gaps = [];
    private long _highest;
    private long _unacknowledged;

    /// <summary>Number of the first packet that has not come in.</summary>
    public long Next { get; private set; } = 1;

    /// <summary>Bytes of packets that came before an earlier one.</summary>
    public long BytesKept { get; private set; }

    /// <summary>Packets that came again.</summary>
    public long Repeated { get; private set; }

    /// <summary>Takes a packet.</summary>
    /// <returns>The parcels that are whole with it; valid until the next call.</returns>
    /// <exception cref="WireException">The packet is damaged.</exception>
    public IReadOnlyList<Parcel> Accept(LinkPacket packet)
    {
        _whole.Clear();
        var number = packet.Number > 0
            ? packet.Number
            : throw new WireException($"a packet of number {packet.Number}; they count from 1");
        if (number < Next || _early.ContainsKey(number))
        {
            Repeated++;
            return _whole;
        }
        if (number > Next)
        {
            Keep(number, packet);
            return _whole;
        }
        Open(packet);
        while (_early.Remove(Next, out var early))
        {
            BytesKept -= early.Size;
            Open(early);
        }
        return _whole;
    }

    /// <summary>What the sender should know by now; null for nothing. Asking takes note that it was told.</summary>
    /// <param name="isLate">Whether it has been a while: then every packet counts, not only many bytes.</param>
    public LinkAcknowledgement? Acknowledgement(bool isLate)
    {
        if (_gaps.Count == 0 && _unacknowledged < (isLate ? 1 : acknowledgeEvery)) return null;
        var answer = new LinkAcknowledgement(Next, [.. _gaps]);
        _gaps.Clear();
        _unacknowledged = 0;
        return answer;
    }

    /// <summary>The answer to a sender's question.</summary>
    public LinkAcknowledgement Answer(LinkProbe probe)
    {
        _gaps.Clear();
        _unacknowledged = 0;
        var missing = new List<PacketRange>();
        var first = Next;
        foreach (var early in _early.Keys.Order())
        {
            if (early > first) missing.Add(new PacketRange(first, early - 1));
            first = early + 1;
        }
        if (probe.Sent >= first) missing.Add(new PacketRange(first, probe.Sent));
        return new LinkAcknowledgement(Next, [.. missing.Take(MaxRanges)]);
    }

    // What is missing before it is said once, at once. If that is lost, or what is sent again is,
    // the sender asks after a while.
    private void Keep(long number, LinkPacket packet)
    {
        var bytes = packet.Size;
        if (BytesKept + bytes > window) return;
        _early.Add(number, packet);
        BytesKept += bytes;
        _highest = Math.Max(_highest, Next - 1);
        if (number > _highest + 1) _gaps.Add(new PacketRange(_highest + 1, number - 1));
        _highest = Math.Max(_highest, number);
    }

    private void Open(LinkPacket packet)
    {
        Next++;
        _unacknowledged += packet.Size;
        if (packet is LinkFrame frame) _whole.AddRange(frame.Parcels);
        else if (_assembly.Add((LinkChunk)packet) is { } parcel) _whole.Add(parcel);
    }
}
