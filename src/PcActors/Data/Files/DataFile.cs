using System.Buffers.Binary;
using System.IO.Compression;

namespace PcActors.Data.Files;

/// <summary>Opens data files, and turns what can go wrong there into <see cref="DataException"/>s.</summary>
internal static class DataFile
{
    private const int GzipHeaderAndTrailer = 18;

    /// <summary>Reads a file, decompressed when its name ends in .gz.</summary>
    /// <exception cref="DataException">It cannot be read, is empty, or is damaged; or the
    /// reader found it wrong.</exception>
    public static TResult Read<TResult>(string path, Func<DataInput, TResult> read) => Guard(path, () =>
    {
        using var input = Open(path);
        return read(input);
    });

    /// <summary>Runs something that touches the file and names the file in what goes wrong.</summary>
    public static TResult Guard<TResult>(string path, Func<TResult> body)
    {
        try
        {
            return body();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException(path, "there is no such file");
        }
        catch (UnauthorizedAccessException)
        {
            throw Directory.Exists(path)
                ? new DataException(path, "this is a folder", "a file is needed")
                : new DataException(path, "permission to open it is missing");
        }
        catch (InvalidDataException)
        {
            throw new DataException(path, "it is damaged or cut short",
                "what it holds does not match its own headers and checksums");
        }
        catch (IOException e)
        {
            throw new DataException(path, $"it cannot be read: {e.Message}");
        }
    }

    /// <summary>Opens a file that is not empty, and whose length is known.</summary>
    public static FileStream OpenRaw(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        var problem = !file.CanSeek
            ? new DataException(path, "this is not a regular file", "a file with a length is needed")
            : file.Length == 0 ? new DataException(path, "the file is empty")
            : null;
        if (problem is null) return file;
        file.Dispose();
        throw problem;
    }

    /// <summary>A gzip member as checked, decompressed bytes.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="raw">All of the compressed bytes, at the beginning; seekable.</param>
    public static DataInput Decompress(string name, Stream raw)
    {
        Span<byte> trailer = stackalloc byte[8];
        if (raw.Length < GzipHeaderAndTrailer)
            throw new DataException(name, $"{raw.Length} bytes are no gzip file", "it is cut short");
        raw.Seek(-trailer.Length, SeekOrigin.End);
        raw.ReadExactly(trailer);
        raw.Seek(0, SeekOrigin.Begin);
        var checksum = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]);
        var stream = new VerifiedStream(new GZipStream(raw, CompressionMode.Decompress), 1L << 32, length, checksum);
        return new DataInput(name, stream, DataInput.LargestCompressionRatio * raw.Length);
    }

    private static DataInput Open(string path)
    {
        var file = OpenRaw(path);
        var gzip = IsGzip(file);
        if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            if (!gzip) return new DataInput(path, file, file.Length);
            file.Dispose();
            throw new DataException(path, "this is a gzip file", "its name should end in .gz");
        }
        if (gzip) return Decompress(path, file);
        file.Dispose();
        throw new DataException(path, "this is not a gzip file", "one that is not compressed should not end in .gz");
    }

    private static bool IsGzip(FileStream file)
    {
        var gzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Seek(0, SeekOrigin.Begin);
        return gzip;
    }
}
