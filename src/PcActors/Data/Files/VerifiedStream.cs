namespace PcActors.Data.Files;

/// <summary>Decompressed bytes that are compared with the length and checksum promised for them when they end.</summary>
/// <remarks>The library's decompressing streams end a file that is cut short as if it were whole, and zip entries go unchecked.</remarks>
internal sealed class VerifiedStream(Stream inner, long lengthModulus, long promisedLength, uint promisedChecksum) : Stream
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
