using System.Globalization;

namespace PcActors.Data.Files;

/// <summary>The bytes of an opened file, decompressed, with a bound on their number.</summary>
/// <param name="name">What messages call it.</param>
/// <param name="stream">The bytes.</param>
/// <param name="limit">No more bytes than this can follow, whatever a header says.</param>
internal sealed class DataInput(string name, Stream stream, long limit) : IDisposable
{
    /// <summary>Deflate makes at most 258 bytes of 2 bits, so a compressed file cannot hold more than this
    /// many times its size.</summary>
    public const int LargestCompressionRatio = 1032;

    /// <summary>What messages call it.</summary>
    public string Name => name;

    /// <summary>The bytes not yet read.</summary>
    public Stream Stream => stream;

    /// <summary>Bytes read so far.</summary>
    public long Position { get; private set; }

    /// <summary>Fills the buffer.</summary>
    /// <param name="buffer">Receives the bytes.</param>
    /// <param name="what">What they are, for the message.</param>
    /// <exception cref="DataException">The file ends before.</exception>
    public void Fill(Span<byte> buffer, string what)
    {
        var count = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        Position += count;
        if (count < buffer.Length)
            throw Error(Invariant($"the file ends at byte {Position}, within {what}"),
                Invariant($"{buffer.Length - count} more bytes should follow: it is cut short"));
    }

    /// <summary>The next bytes, in a new array that is only made once the file can be that long.</summary>
    /// <param name="count">How many.</param>
    /// <param name="what">What they are, for the message.</param>
    /// <exception cref="DataException">There are not that many.</exception>
    public byte[] Take(long count, string what)
    {
        if (count > limit - Position)
            throw Error(Invariant($"the header promises {count} bytes of {what}"),
                Invariant($"at most {limit - Position} can follow: it is cut short or damaged"));
        if (count > Array.MaxLength)
            throw Error(Invariant($"{count} bytes of {what}"), Invariant($"at most {Array.MaxLength} can be read"));
        var bytes = GC.AllocateUninitializedArray<byte>((int)count);
        Fill(bytes, what);
        return bytes;
    }

    /// <summary>Makes sure that nothing follows, which also has the checksum compared.</summary>
    /// <exception cref="DataException">Something does.</exception>
    public void RequireEnd()
    {
        if (stream.ReadByte() >= 0)
            throw Error(Invariant($"more bytes follow byte {Position}"), "the file should end there by its header");
    }

    /// <summary>An error of this file.</summary>
    public DataException Error(string found, string? wanted = null) => new(name, found, wanted);

    public void Dispose() => stream.Dispose();

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
