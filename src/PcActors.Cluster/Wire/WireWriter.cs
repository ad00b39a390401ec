using System.Buffers.Binary;
using System.Text;

namespace PcActors.Cluster.Wire;

/// <summary>Writes a message's fields one after the other. Without a buffer it only counts their bytes.</summary>
/// <param name="buffer">Receives them; of the very length that was counted before.</param>
internal ref struct WireWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    /// <summary>Bytes so far.</summary>
    public int Length { get; private set; }

    public void Byte(byte value)
    {
        if (!_buffer.IsEmpty) _buffer[Length] = value;
        Length++;
    }

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>A number from 0, seven bits a byte, the lowest first.</summary>
    public void Unsigned(ulong value)
    {
        for (; value > 0x7f; value >>= 7) Byte((byte)(value | 0x80));
        Byte((byte)value);
    }

    /// <summary>A number of either sign: 0, -1, 1, -2 ... are written as 0, 1, 2, 3 ...</summary>
    public void Signed(long value) => Unsigned((ulong)(value << 1) ^ (ulong)(value >> 63));

    public void Double(double value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        Raw(bytes);
    }

    public void Text(string value)
    {
        var count = Encoding.UTF8.GetByteCount(value);
        Unsigned((uint)count);
        if (!_buffer.IsEmpty) Encoding.UTF8.GetBytes(value, _buffer[Length..]);
        Length = checked(Length + count);
    }

    /// <summary>Bytes as they are, behind their count.</summary>
    public void Block(scoped ReadOnlySpan<byte> bytes)
    {
        Unsigned((uint)bytes.Length);
        Raw(bytes);
    }

    /// <summary>Bytes as they are, whose count the other side knows.</summary>
    public void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        if (!_buffer.IsEmpty) bytes.CopyTo(_buffer[Length..]);
        Length = checked(Length + bytes.Length);
    }
}
