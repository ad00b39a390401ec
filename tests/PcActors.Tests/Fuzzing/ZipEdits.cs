using System.IO.Compression;

namespace PcActors.Tests.Fuzzing;

/// <summary>Changes of a .npz archive: of an array in it, of its entries, of the archive's own bytes.</summary>
internal static class ZipEdits
{
    public static byte[] Apply(byte[] bytes, Edit edit)
    {
        if (edit.Kind % 3 == 0) return ByteEdits.Apply(bytes, edit);
        List<(string Name, byte[] Bytes)> entries;
        try
        {
            entries = Read(bytes);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException)
        {
            return ByteEdits.Apply(bytes, edit);
        }
        if (entries.Count == 0) return ByteEdits.Apply(bytes, edit);
        var at = edit.Among(entries.Count);
        var (name, content) = entries[at];
        switch (edit.Kind % 7)
        {
            case 0: entries.RemoveAt(at); break;
            case 1: entries.Add(entries[at]); break;
            case 2: entries[at] = (TextEdits.Apply(name, edit), content); break;
            case 3: entries[at] = (name, [.. content, .. new byte[Math.Min(1 << 16, edit.Value & 0xFFFFFF)]]); break;
            default: entries[at] = (name, NpyEdits.Apply(content, edit)); break;
        }
        return Write(entries, edit.Count % 2 == 0 ? CompressionLevel.Fastest : CompressionLevel.NoCompression);
    }

    private static List<(string, byte[])> Read(byte[] bytes)
    {
        using var archive = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
        var entries = new List<(string, byte[])>();
        foreach (var entry in archive.Entries)
        {
            using var stream = entry.Open();
            var content = new MemoryStream();
            stream.CopyTo(content);
            entries.Add((entry.FullName, content.ToArray()));
        }
        return entries;
    }

    private static byte[] Write(List<(string Name, byte[] Bytes)> entries, CompressionLevel level)
    {
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name.Length is 0 or > 60000 ? "x.npy" : name, level).Open();
                entry.Write(content);
            }
        }
        return memory.ToArray();
    }
}
