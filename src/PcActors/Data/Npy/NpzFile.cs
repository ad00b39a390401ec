using System.IO.Compression;
using PcActors.Data.Files;

namespace PcActors.Data.Npy;

/// <summary>NumPy's .npz files: a zip archive of .npy files, compressed or not.</summary>
public static class NpzFile
{
    private const string Extension = ".npy";

    /// <summary>The arrays, by their names in the archive without .npy.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="wanted">Which ones to read, by name; null for all.</param>
    /// <exception cref="DataException">The archive or one of these arrays is missing, damaged, cut short or of a type that is not read.</exception>
    public static IReadOnlyDictionary<string, NpyArray> Read(string path, Func<string, bool>? wanted = null) => DataFile.Guard(path, () =>
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

    private static DataInput Open(string name, ZipArchiveEntry entry, long archiveLength)
    {
        if (entry.IsEncrypted) throw new DataException(name, "it is encrypted", "only plain archives are read");
        var limit = Math.Min(entry.Length, DataInput.LargestCompressionRatio * Math.Min(entry.CompressedLength, archiveLength));
        return new DataInput(name, new VerifiedStream(entry.Open(), long.MaxValue, entry.Length, entry.Crc32), limit);
    }
}
