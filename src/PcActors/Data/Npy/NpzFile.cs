using System.IO.Compression;
using PcActors.Data.Files;
using PcActors.Tensors;

namespace PcActors.Data.Npy;

/// <summary>NumPy's .npz files: a zip archive of .npy files, compressed or not.</summary>
public static class NpzFile
{
    private const string Extension = ".npy";

    /// <summary>The arrays, by their names in the archive without .npy.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="wanted">Which ones to read, by name; null for all.</param>
    /// <exception cref="DataException">The archive or one of these arrays is missing, damaged, cut short or of a type
    /// that is not read.</exception>
    public static IReadOnlyDictionary<string, NpyArray> Read(string path, Func<string, bool>? wanted = null) =>
        DataFile.Guard(path, () =>
    {
        using var file = DataFile.OpenRaw(path);
        using var archive = new ZipArchive(file, ZipArchiveMode.Read);
        var arrays = new SortedDictionary<string, NpyArray>(StringComparer.Ordinal);
        foreach (var entry in archive.Entries)
        {
            if (!entry.FullName.EndsWith(Extension, StringComparison.Ordinal)) continue;
            var name = entry.FullName[..^Extension.Length];
            if (wanted is not null && !wanted(name)) continue;
            using var input = Open($"{path}, array {name}", entry, file.Length);
            arrays[name] = NpyFile.Read(input);
        }
        return arrays;
    });

    /// <summary>What arrays there are: headers are read, and no element.</summary>
    /// <exception cref="DataException">The archive is missing or damaged.</exception>
    internal static IReadOnlyList<NpzEntry> List(string path) => DataFile.Guard(path, () =>
    {
        using var file = DataFile.OpenRaw(path);
        using var archive = new ZipArchive(file, ZipArchiveMode.Read);
        var entries = new List<NpzEntry>();
        foreach (var entry in archive.Entries)
        {
            if (!entry.FullName.EndsWith(Extension, StringComparison.Ordinal)) continue;
            var name = entry.FullName[..^Extension.Length];
            try
            {
                using var input = Open($"{path}, array {name}", entry, file.Length);
                var header = NpyHeader.Read(input);
                entries.Add(new NpzEntry(name, header.Type, header.Shape));
            }
            catch (DataException)
            {
                // What is wrong with it is said when it is asked for.
                entries.Add(new NpzEntry(name, null, null));
            }
        }
        return entries;
    });

    private static DataInput Open(string name, ZipArchiveEntry entry, long archiveLength)
    {
        if (entry.IsEncrypted) throw new DataException(name, "it is encrypted", "only plain archives are read");
        var limit = Math.Min(entry.Length,
            DataInput.LargestCompressionRatio * Math.Min(entry.CompressedLength, archiveLength));
        var stream = new VerifiedStream(Open(name, entry), long.MaxValue, entry.Length, entry.Crc32);
        return new DataInput(name, stream, limit);
    }

    private static Stream Open(string name, ZipArchiveEntry entry)
    {
        try
        {
            return entry.Open();
        }
        catch (InvalidDataException e) when (e.Message.Contains("compressed using", StringComparison.Ordinal)
            || e.Message.Contains("compression method", StringComparison.Ordinal))
        {
            throw new DataException(name, "it is compressed by a method that is not read",
                "deflate is, by which np.savez_compressed writes");
        }
    }
}

/// <summary>An array of an archive.</summary>
/// <param name="Name">Its name, without .npy.</param>
/// <param name="Type">Its element type; null when its header is not read.</param>
/// <param name="Shape">Its extents; null when its header is not read.</param>
internal sealed record NpzEntry(string Name, NpyType? Type, Shape? Shape)
{
    /// <summary>For example <c>'images' [100, 28, 28] uint8</c>.</summary>
    public override string ToString() =>
        Type is { } type ? $"'{Name}' {Shape} {type.NumPyName()}" : $"'{Name}' of a type that is not read";
}
