using System.IO.Compression;

namespace PcActors.Tracing.Format;

/// <summary>Opens trace files: plain, or compressed where the name ends in <c>.gz</c>.</summary>
public static class TraceFile
{
    private const int BufferSize = 1 << 16;

    /// <summary>Creates a file, or empties the one that is there.</summary>
    /// <exception cref="IOException">It cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static Stream Create(string path)
    {
        var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(file, CompressionLevel.Fastest)
            : file;
    }

    /// <summary>Opens a file; whether it is compressed shows in its first bytes.</summary>
    /// <exception cref="TraceException">There is none, or it cannot be read.</exception>
    internal static Stream OpenRead(string path)
    {
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, BufferSize,
                FileOptions.SequentialScan);
            var isCompressed = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
            file.Seek(0, SeekOrigin.Begin);
            return isCompressed ? new GZipStream(file, CompressionMode.Decompress) : file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException)
        {
            var found = Directory.Exists(path)
                ? "it is a folder"
                : e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message;
            throw new TraceException(path, found, "a trace file is wanted");
        }
    }
}
