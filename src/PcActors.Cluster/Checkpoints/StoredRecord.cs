using System.Buffers.Binary;
using System.Security.Cryptography;
using Google.Protobuf;

namespace PcActors.Cluster.Checkpoints;

/// <summary>What the store holds under a name and a step: a mark, the form's number, the content's SHA-256, the content.</summary>
/// <param name="bytes">All of it, read or to be written.</param>
internal sealed class StoredRecord(byte[] bytes)
{
    private const int FormAt = 4;
    private const int DigestAt = 8;
    private const int ContentAt = DigestAt + SHA256.HashSizeInBytes;

    private static ReadOnlySpan<byte> Mark => "PcCk"u8;

    /// <summary>The record as it is stored.</summary>
    public byte[] Bytes { get; } = bytes;

    /// <summary>The content's SHA-256, as the record says.</summary>
    public string Digest => Convert.ToHexStringLower(Bytes.AsSpan(DigestAt, SHA256.HashSizeInBytes));

    /// <summary>A record of a content.</summary>
    /// <param name="content">The content.</param>
    /// <param name="format">The number of its form.</param>
    public static StoredRecord Of(IMessage content, int format = CheckpointManifest.CurrentFormat)
    {
        var bytes = new byte[ContentAt + content.CalculateSize()];
        Mark.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(FormAt), format);
        content.WriteTo(bytes.AsSpan(ContentAt));
        SHA256.HashData(bytes.AsSpan(ContentAt), bytes.AsSpan(DigestAt));
        return new StoredRecord(bytes);
    }

    /// <summary>What is wrong with the record, as the end of a sentence that begins with its name; null when nothing is.</summary>
    /// <param name="digest">What its SHA-256 has to be; null when only the record itself knows.</param>
    public string? Flaw(string? digest = null)
    {
        if (Bytes.Length < ContentAt || !Bytes.AsSpan().StartsWith(Mark)) return "is damaged: it does not begin as a checkpoint's records do";
        var format = BinaryPrimitives.ReadInt32LittleEndian(Bytes.AsSpan(FormAt));
        if (format > CheckpointManifest.CurrentFormat)
            return $"has the form {format}, of a newer version; this version reads forms up to {CheckpointManifest.CurrentFormat}";
        if (format < 1) return $"is damaged: there is no form {format}";
        var found = Convert.ToHexStringLower(SHA256.HashData(Bytes.AsSpan(ContentAt)));
        return found == (digest ?? Digest) && found == Digest ? null : $"is damaged: its SHA-256 is {found[..16]}..., and {(digest ?? Digest)[..16]}... was stored";
    }

    /// <summary>The content of a record without a flaw.</summary>
    /// <exception cref="CheckpointException">It is none of its kind.</exception>
    public TContent Read<TContent>(MessageParser<TContent> parser)
        where TContent : IMessage<TContent>
    {
        try
        {
            return parser.ParseFrom(Bytes.AsSpan(ContentAt).ToArray());
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new CheckpointException($"a record of a checkpoint is damaged: {e.Message}", e);
        }
    }
}
