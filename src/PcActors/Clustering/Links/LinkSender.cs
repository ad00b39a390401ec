using Google.Protobuf;
using PcActors.Clustering.Wire.Schema;

namespace PcActors.Clustering.Links;

/// <summary>The sending end of a link: packs parcels into packets, cuts large ones into chunks, and stops when too many bytes are on
/// their way. Plain, without actors.</summary>
/// <param name="packetBytes">Payload of a packet, about.</param>
/// <param name="window">Bytes that may be on their way before an acknowledgement is waited for.</param>
internal sealed class LinkSender(int packetBytes, long window)
{
    private readonly Queue<Parcel> _waiting = [];
    private ByteString? _cut;
    private int _offset;
    private long _number;

    /// <summary>The stream's position: bytes of payload sent.</summary>
    public long Sent { get; private set; }

    /// <summary>The position up to which the other end has acknowledged.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Whether parcels wait for an acknowledgement.</summary>
    public bool IsBlocked => (_cut is not null || _waiting.Count > 0) && Sent - Acknowledged >= window;

    /// <summary>Takes a parcel.</summary>
    public void Enqueue(Parcel parcel) => _waiting.Enqueue(parcel);

    /// <summary>Learns what has come in at the other end.</summary>
    public void Acknowledge(long position)
    {
        if (position > Acknowledged && position <= Sent) Acknowledged = position;
    }

    /// <summary>The next packet: a <see cref="LinkFrame"/> or a <see cref="LinkChunk"/>; null when there is none, or no credit.</summary>
    public IMessage? Next()
    {
        if (Sent - Acknowledged >= window) return null;
        if (_cut is null && _waiting.TryPeek(out var first) && first.Payload.Length > packetBytes)
        {
            _cut = _waiting.Dequeue().ToByteString();
            (_offset, _number) = (0, _number + 1);
        }
        return _cut is not null ? NextChunk(_cut) : _waiting.Count > 0 ? NextFrame() : null;
    }

    private LinkChunk NextChunk(ByteString cut)
    {
        var count = Math.Min(packetBytes, cut.Length - _offset);
        Sent += count;
        var chunk = new LinkChunk
        {
            Position = Sent,
            Number = _number,
            Offset = _offset,
            Total = cut.Length,
            Data = UnsafeByteOperations.UnsafeWrap(cut.Memory.Slice(_offset, count)),
        };
        _offset += count;
        if (_offset == cut.Length) _cut = null;
        return chunk;
    }

    private LinkFrame NextFrame()
    {
        var frame = new LinkFrame();
        for (var bytes = 0; bytes < packetBytes && _waiting.TryPeek(out var parcel) && bytes + parcel.Payload.Length <= packetBytes;)
        {
            // What surrounds a payload counts too.
            bytes += parcel.Payload.Length + 64;
            frame.Parcels.Add(_waiting.Dequeue());
            Sent += parcel.Payload.Length + 64;
        }
        frame.Position = Sent;
        return frame;
    }
}
