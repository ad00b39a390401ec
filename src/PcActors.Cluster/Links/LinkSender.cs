using PcActors.Cluster.Wire;

namespace PcActors.Cluster.Links;

/// <summary>The sending end of a link: packs parcels into packets, cuts large ones into chunks,
/// keeps every packet until it is acknowledged, and stops when too many bytes are on their way.
/// Plain, without actors.</summary>
/// <remarks>A packet is sent again only upon the other end's word that it is missing there. A peer
/// that is slow, or away, gets a question now and then and nothing else, so that repairing losses adds no load to a
/// network that is busy.</remarks>
/// <param name="packetBytes">Payload of a packet, about.</param>
/// <param name="window">Bytes that may be on their way before an acknowledgement is waited for.</param>
internal sealed class LinkSender(int packetBytes, long window)
{
    private readonly Queue<Parcel> _waiting = [];
    private readonly Dictionary<long, LinkPacket> _kept = [];
    private LinkPacket? _ready;
    private byte[]? _cut;
    private int _offset;
    private bool _wasAnswered;
    private int _quiet;
    private int _patience = LinkSettings.ProbeAfter;

    /// <summary>Number of the last packet sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Number of the last packet up to which all have come in.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Bytes of the packets that are not acknowledged.</summary>
    public long BytesInFlight { get; private set; }

    /// <summary>Takes a parcel.</summary>
    public void Enqueue(Parcel parcel) => _waiting.Enqueue(parcel);

    /// <summary>The next packet: a <see cref="LinkFrame"/> or a <see cref="LinkChunk"/>; null when there is
    /// none, or no room for it.</summary>
    public LinkPacket? Next()
    {
        if ((_ready ??= Pack()) is not { } packet) return null;
        var bytes = packet.Size;
        // One that is larger than the window goes alone.
        if (BytesInFlight > 0 && BytesInFlight + bytes > window) return null;
        _ready = null;
        _kept.Add(++Sent, packet);
        BytesInFlight += bytes;
        return packet;
    }

    /// <summary>Learns what has come in at the other end.</summary>
    /// <returns>Packets to send again.</returns>
    /// <exception cref="WireException">It speaks of packets that were not sent, or of one twice.</exception>
    public IReadOnlyList<LinkPacket> Acknowledge(LinkAcknowledgement answer)
    {
        RequireSense(answer);
        _wasAnswered = true;
        for (var last = answer.Next - 1; Acknowledged < last;)
        {
            if (_kept.Remove(++Acknowledged, out var packet)) BytesInFlight -= packet.Size;
        }
        if (answer.Missing.Count == 0) return [];
        var again = new List<LinkPacket>();
        foreach (var range in answer.Missing)
        {
            for (var n = Math.Max(range.First, Acknowledged + 1); n <= range.Last; n++) again.Add(_kept[n]);
        }
        return again;
    }

    private void RequireSense(LinkAcknowledgement answer)
    {
        if (answer.Next < 1 || answer.Next - 1 > Sent)
            throw new WireException($"an acknowledgement up to packet {answer.Next - 1}; sent are {Sent}");
        var last = 0L;
        foreach (var range in answer.Missing)
        {
            if (range.First <= last || range.Last < range.First || range.Last > Sent)
                throw new WireException(
                    $"packets {range.First} to {range.Last} are said to be missing, after {last}; sent are {Sent}");
            last = range.Last;
        }
    }

    /// <summary>A unit of time has passed.</summary>
    /// <returns>A question for the other end, if it is time to ask.</returns>
    public LinkProbe? Tick()
    {
        if (Sent == Acknowledged || _wasAnswered)
            (_quiet, _patience, _wasAnswered) = (0, LinkSettings.ProbeAfter, false);
        if (Sent == Acknowledged || ++_quiet < _patience) return null;
        (_quiet, _patience) = (0, Math.Min(2 * _patience, LinkSettings.MaxProbeAfter));
        return new LinkProbe(Sent);
    }

    private LinkPacket? Pack()
    {
        if (_cut is null && _waiting.TryPeek(out var first) && first.Payload.Length > packetBytes)
        {
            _cut = _waiting.Dequeue().ToBytes();
            _offset = 0;
        }
        return _cut is not null ? NextChunk(_cut) : _waiting.Count > 0 ? NextFrame() : null;
    }

    private LinkChunk NextChunk(byte[] cut)
    {
        var count = Math.Min(packetBytes, cut.Length - _offset);
        var chunk = new LinkChunk(Sent + 1, _offset, cut.Length, cut.AsMemory(_offset, count));
        _offset += count;
        if (_offset == cut.Length) _cut = null;
        return chunk;
    }

    private LinkFrame NextFrame()
    {
        var parcels = new List<Parcel>();
        for (var bytes = 0; bytes < packetBytes && _waiting.TryPeek(out var parcel)
            && bytes + parcel.Payload.Length <= packetBytes;)
        {
            // What surrounds a payload counts too.
            bytes += parcel.Payload.Length + 64;
            parcels.Add(_waiting.Dequeue());
        }
        return new LinkFrame(Sent + 1, parcels);
    }
}
