namespace PcActors.Cluster.Wire;

/// <summary>What goes over a link, numbered from 1 whatever is in it: a <see cref="LinkFrame"/> or a
/// <see cref="LinkChunk"/>.</summary>
/// <param name="Number">Its number.</param>
internal abstract record LinkPacket(long Number)
{
    private int _size;

    /// <summary>Its bytes as it travels.</summary>
    public int Size => _size > 0 ? _size : _size = WireSerializer.Protocol.SizeOf(this);
}

/// <summary>Whole parcels, one after the other.</summary>
internal sealed record LinkFrame(long Number, IReadOnlyList<Parcel> Parcels) : LinkPacket(Number);

/// <summary>A part of a parcel that is larger than a frame. The parts of a parcel follow one another.</summary>
/// <param name="Number">The packet's number.</param>
/// <param name="Offset">Bytes of the parcel before it.</param>
/// <param name="Total">Bytes of the parcel.</param>
/// <param name="Data">Its own bytes.</param>
internal sealed record LinkChunk(long Number, long Offset, long Total, ReadOnlyMemory<byte> Data) : LinkPacket(Number);

/// <summary>A message on its way between two nodes' parts of a run.</summary>
/// <param name="From">The sender: a vertex's id, or what links call the coordinator or a node's part.</param>
/// <param name="To">The receiver.</param>
/// <param name="Manifest">The name of the message's type.</param>
/// <param name="Payload">Its bytes.</param>
/// <param name="Number">In a traced run: the number under which a recorded message left; 0 for any other.</param>
/// <param name="Clock">In a traced run, for a message that is not recorded: how far its node had counted.</param>
internal sealed record Parcel(int From, int To, string Manifest, ReadOnlyMemory<byte> Payload, long Number = 0,
    long Clock = 0)
{
    private static readonly WireProtocol Alone = new(typeof(Parcel));

    /// <summary>It alone, as it travels in chunks.</summary>
    public byte[] ToBytes() => Alone.Write(this);

    /// <summary>One that has come in chunks.</summary>
    /// <exception cref="WireException">The bytes are damaged.</exception>
    public static Parcel Of(byte[] bytes) => (Parcel)Alone.Read("parcel", bytes);
}

/// <summary>All packets before the next one have come in; of those from there on, some are
/// known to be missing.</summary>
internal sealed record LinkAcknowledgement(long Next, IReadOnlyList<PacketRange> Missing);

/// <summary>Packets by their numbers.</summary>
internal readonly record struct PacketRange(long First, long Last);

/// <summary>Packets up to this one were sent, and nothing was heard of them for a while: which have come in?</summary>
internal sealed record LinkProbe(long Sent);
