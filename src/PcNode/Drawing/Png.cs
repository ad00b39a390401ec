using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace PcNode.Drawing;

/// <summary>Writes pictures as PNG files (W3C, "Portable Network Graphics", third edition, 2025): 8 bits a channel,
/// rows unfiltered.</summary>
internal static class Png
{
    private const byte Grey = 0;
    private const byte Colour = 2;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Writes a picture.</summary>
    public static void Write(Stream stream, Picture picture)
    {
        stream.Write(Signature);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, picture.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), picture.Height);
        // Depth, kind of colour; deflate, adaptive filters and no interlacing are 0.
        (header[8], header[9]) = (8, picture.Channels == 1 ? Grey : Colour);
        WriteChunk(stream, "IHDR", header);
        WriteChunk(stream, "IDAT", Compressed(picture));
        WriteChunk(stream, "IEND", []);
    }

    private static ReadOnlySpan<byte> Compressed(Picture picture)
    {
        using var bytes = new MemoryStream();
        using (var zlib = new ZLibStream(bytes, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var row = picture.Width * picture.Channels;
            for (var y = 0; y < picture.Height; y++)
            {
                // The row's filter: none.
                zlib.WriteByte(0);
                zlib.Write(picture.Points, y * row, row);
            }
        }
        return bytes.ToArray();
    }

    /// <summary>Length, name, content, and the CRC-32 of the last two; numbers are big-endian.</summary>
    private static void WriteChunk(Stream stream, string name, ReadOnlySpan<byte> content)
    {
        byte[] checkedBytes = [.. Encoding.ASCII.GetBytes(name), .. content];
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        stream.Write(number);
        stream.Write(checkedBytes);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(checkedBytes));
        stream.Write(number);
    }
}
