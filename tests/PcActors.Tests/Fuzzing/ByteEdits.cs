using System.Buffers.Binary;

namespace PcActors.Tests.Fuzzing;

/// <summary>Changes of bytes that know nothing of what they mean.</summary>
internal static class ByteEdits
{
    public static byte[] Apply(byte[] bytes, Edit edit)
    {
        if (bytes.Length == 0) return [(byte)edit.Value];
        var at = edit.Among(bytes.Length);
        var count = Math.Min(edit.Count, bytes.Length - at);
        return (edit.Kind % 10) switch
        {
            0 => With(bytes, at, (byte)(bytes[at] ^ (1 << (edit.Count % 8)))),
            1 => With(bytes, at, (byte)edit.Value),
            2 => Written(bytes, at, edit.Value, 2, isBig: edit.Count % 2 == 0),
            3 => Written(bytes, at, edit.Value, 4, isBig: edit.Count % 2 == 0),
            4 => Written(bytes, at, edit.Value, 8, isBig: edit.Count % 2 == 0),
            5 => [.. bytes[..at], .. bytes[(at + count)..]],
            6 => [.. bytes[..at], .. Enumerable.Repeat((byte)edit.Value, edit.Count), .. bytes[at..]],
            7 => [.. bytes[..(at + count)], .. bytes[at..]],
            8 => bytes[..at],
            _ => [.. bytes[..at], .. Varint((ulong)edit.Value), .. bytes[(at + 1)..]],
        };
    }

    /// <summary>A whole number as protobuf writes it.</summary>
    private static IEnumerable<byte> Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) yield return (byte)(value | 0x80);
        yield return (byte)value;
    }

    private static byte[] With(byte[] bytes, int at, byte value)
    {
        var changed = (byte[])bytes.Clone();
        changed[at] = value;
        return changed;
    }

    private static byte[] Written(byte[] bytes, int at, long value, int size, bool isBig)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, value);
        number = number[..size];
        if (isBig) number.Reverse();
        var changed = (byte[])bytes.Clone();
        number[..Math.Min(size, bytes.Length - at)].CopyTo(changed.AsSpan(at));
        return changed;
    }
}
