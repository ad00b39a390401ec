namespace PcActors.Cluster.Checkpoints;

/// <summary>A file in memory, in parts that a row of a database takes: written from its beginning to its end, or read
/// so.</summary>
/// <param name="parts">What is there.</param>
internal sealed class PartStream(List<byte[]> parts) : Stream
{
    private const int PartBytes = 1 << 24;

    private readonly MemoryStream _last = new();
    private int _part;
    private int _offset;

    /// <summary>All that was written.</summary>
    public IReadOnlyList<byte[]> Parts
    {
        get
        {
            Flush();
            return parts;
        }
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => parts.Sum(p => (long)p.Length) + _last.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var count = (int)Math.Min(buffer.Length, PartBytes - _last.Length);
            _last.Write(buffer[..count]);
            buffer = buffer[count..];
            if (_last.Length == PartBytes) Flush();
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        for (; _part < parts.Count; (_part, _offset) = (_part + 1, 0))
        {
            var count = Math.Min(buffer.Length, parts[_part].Length - _offset);
            if (count == 0) continue;
            parts[_part].AsSpan(_offset, count).CopyTo(buffer);
            _offset += count;
            return count;
        }
        return 0;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
        if (_last.Length == 0) return;
        parts.Add(_last.ToArray());
        _last.SetLength(0);
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
