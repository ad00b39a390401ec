using System.Buffers.Binary;
using System.Text;

namespace PcActors.Cluster.Wire;

/// <summary>Reads what <see cref="WireWriter"/> has written. Whatever the bytes are, no more is allocated
/// than they can fill.</summary>
/// <param name="bytes">A whole message.</param>
internal ref struct WireReader(ReadOnlyMemory<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes.Span;
    private readonly ReadOnlyMemory<byte> _memory = bytes;
    private int _at;

    /// <summary>The field that is being read.</summary>
    public string? Field;

    /// <summary>Bytes that are left.</summary>
    public readonly int Left => _bytes.Length - _at;

    /// <exception cref="WireException">There is none.</exception>
    public byte Byte() =>
        _at < _bytes.Length ? _bytes[_at++] : throw new WireException($"it ends after {_bytes.Length} bytes");

    /// <exception cref="WireException">It is neither 0 nor 1.</exception>
    public bool Flag() => Byte() switch
    {
        0 => false,
        1 => true,
        var value => throw new WireException($"{value} is neither true nor false"),
    };

    /// <exception cref="WireException">It has more than 64 bits.</exception>
    public ulong Unsigned()
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = Byte();
            if (shift == 63 && next > 1) throw new WireException("a number of more than 64 bits");
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }
    }

    public long Signed() => Unsigned() is var value ? (long)(value >> 1) ^ -(long)(value & 1) : 0;

    /// <exception cref="WireException">It has more than 32 bits.</exception>
    public int Integer() =>
        Signed() is var value && (int)value == value
            ? (int)value
            : throw new WireException($"{value} does not fit into 32 bits");

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Raw(sizeof(double)).Span);

    public string Text() => Encoding.UTF8.GetString(Raw(Count()).Span);

    /// <summary>How many of something follow, each of a byte or more.</summary>
    /// <exception cref="WireException">More than there are bytes.</exception>
    public int Count() => Unsigned() is var count && count <= (ulong)Left
        ? (int)count
        : throw new WireException($"{count} elements or bytes should follow, and {Left} bytes do");

    /// <summary>Bytes behind their count: a part of the message, nothing is copied.</summary>
    public ReadOnlyMemory<byte> Block() => Raw(Count());

    /// <summary>Bytes: a part of the message, nothing is copied.</summary>
    /// <exception cref="WireException">There are not so many.</exception>
    public ReadOnlyMemory<byte> Raw(int count)
    {
        if (count > Left) throw new WireException($"{count} bytes should follow, and {Left} do");
        _at += count;
        return _memory.Slice(_at - count, count);
    }
}
