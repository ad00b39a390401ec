using System.Buffers.Binary;

namespace PcActors.Data.Files;

/// <summary>Decompressed bytes that are compared with the length and checksum promised for
/// them when they end.</summary>
/// <remarks>The library's decompressing streams end a file that is cut short as if it were whole, and zip
/// entries go unchecked.</remarks>
internal sealed class VerifiedStream(Stream inner, long lengthModulus, long promisedLength, uint promisedChecksum)
    : Stream
{
    private Crc32 _checksum = new();
    private long _length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        var count = inner.Read(buffer);
        _checksum.Append(buffer[..count]);
        _length += count;
        if (count == 0 && (_length % lengthModulus != promisedLength || _checksum.Value != promisedChecksum))
            throw new InvalidDataException("the checksum does not match");
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>The checksum of gzip and zip files (RFC 1952, section 8), eight bytes at a time.</summary>
internal struct Crc32()
{
    private const int Slices = 8;
    private static readonly uint[][] Tables = BuildTables();
    private uint _state = uint.MaxValue;

    /// <summary>The checksum of the bytes so far.</summary>
    public readonly uint Value => ~_state;

    /// <summary>Takes more bytes in.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var state = _state;
        for (; bytes.Length >= Slices; bytes = bytes[Slices..])
        {
            var low = state ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            state = Tables[7][(byte)low] ^ Tables[6][(byte)(low >> 8)] ^ Tables[5][(byte)(low >> 16)]
                ^ Tables[4][low >> 24]
                ^ Tables[3][(byte)high] ^ Tables[2][(byte)(high >> 8)] ^ Tables[1][(byte)(high >> 16)]
                ^ Tables[0][high >> 24];
        }
        foreach (var value in bytes) state = Tables[0][(byte)(state ^ value)] ^ (state >> 8);
        _state = state;
    }

    // Table k holds the effect of a byte that k zero bytes follow.
    private static uint[][] BuildTables()
    {
        var tables = new uint[Slices][];
        for (var slice = 0; slice < Slices; slice++)
        {
            tables[slice] = new uint[256];
            for (uint value = 0; value < 256; value++)
            {
                var entry = slice == 0 ? value : tables[slice - 1][value];
                for (var bit = 0; bit < 8; bit++) entry = (entry & 1) == 0 ? entry >> 1 : (entry >> 1) ^ 0xEDB88320;
                tables[slice][value] = entry;
            }
        }
        return tables;
    }
}
