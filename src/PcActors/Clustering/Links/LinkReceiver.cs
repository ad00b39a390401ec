using Google.Protobuf;
using PcActors.Clustering.Wire;
using PcActors.Clustering.Wire.Schema;

namespace PcActors.Clustering.Links;

/// <summary>The receiving end of a link: puts chunks together again. Packets may be lost, doubled or out of order: a parcel then
/// comes whole, twice, or not at all. Plain, without actors.</summary>
/// <param name="acknowledgeEvery">Bytes after which an acknowledgement is due.</param>
internal sealed class LinkReceiver(long acknowledgeEvery)
{
    // Chunks of one parcel follow each other: more than a few incomplete ones means that packets were lost.
    private const int MaxIncomplete = 4;

    private readonly SortedDictionary<long, Incomplete> _incomplete = [];
    private readonly List<Parcel> _done = [];
    private long _acknowledged;

    /// <summary>The stream's position.</summary>
    public long Position { get; private set; }

    /// <summary>Whether so much has come in that the other end should know; asking takes note that it was told.</summary>
    public bool TakeAcknowledgementDue()
    {
        if (Position - _acknowledged < acknowledgeEvery) return false;
        _acknowledged = Position;
        return true;
    }

    /// <summary>Learns how far the other end is: what has not come in by now is lost.</summary>
    public void Probed(long position) => _acknowledged = Position = Math.Max(Position, position);

    /// <summary>Takes a packet of whole parcels.</summary>
    public IReadOnlyList<Parcel> Accept(LinkFrame frame)
    {
        Position = Math.Max(Position, frame.Position);
        return frame.Parcels;
    }

    /// <summary>Takes a part of a parcel.</summary>
    /// <returns>The parcel, when it is complete; otherwise nothing.</returns>
    /// <exception cref="WireException">The parts do not fit.</exception>
    public IReadOnlyList<Parcel> Accept(LinkChunk chunk)
    {
        Position = Math.Max(Position, chunk.Position);
        _done.Clear();
        if (chunk.Total is < 1 or > int.MaxValue || chunk.Offset < 0 || chunk.Data.Length == 0 || chunk.Offset + chunk.Data.Length > chunk.Total)
            throw new WireException($"{chunk.Data.Length} bytes at {chunk.Offset} are no part of a message of {chunk.Total}");
        if (!_incomplete.TryGetValue(chunk.Number, out var parcel))
        {
            _incomplete.Add(chunk.Number, parcel = new Incomplete(chunk.Total));
            if (_incomplete.Count > MaxIncomplete) _incomplete.Remove(_incomplete.Keys.First());
        }
        if (!parcel.Add(chunk)) return _done;
        _incomplete.Remove(chunk.Number);
        _done.Add(parcel.Whole());
        return _done;
    }

    /// <summary>The parts of one parcel. Memory is taken for what has come in, not for what was announced.</summary>
    private sealed class Incomplete(long total)
    {
        private readonly Dictionary<long, ByteString> _parts = [];
        private long _bytes;

        /// <summary>Whether the parcel is complete now.</summary>
        public bool Add(LinkChunk chunk)
        {
            if (chunk.Total != total) throw new WireException($"a message of {total} bytes has a part that says {chunk.Total}");
            if (_parts.TryAdd(chunk.Offset, chunk.Data)) _bytes += chunk.Data.Length;
            return _bytes >= total;
        }

        public Parcel Whole()
        {
            var bytes = new byte[total];
            var end = 0L;
            foreach (var (offset, data) in _parts.OrderBy(p => p.Key))
            {
                if (offset != end) throw new WireException($"a message has a gap or an overlap at {offset}");
                data.Span.CopyTo(bytes.AsSpan((int)offset));
                end = offset + data.Length;
            }
            try
            {
                return Parcel.Parser.ParseFrom(bytes);
            }
            catch (InvalidProtocolBufferException e)
            {
                throw new WireException($"a damaged message of {total} bytes: {e.Message}", e);
            }
        }
    }
}
