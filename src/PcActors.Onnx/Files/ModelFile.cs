using System.Globalization;
using PcActors.Files;
using PcActors.Onnx.Schema;

namespace PcActors.Onnx.Files;

/// <summary>Where a model came from: what messages call it, and the folder in which its
/// external data may lie.</summary>
/// <param name="Source">The file's path, or a name for a model in memory.</param>
/// <param name="Folder">The model's folder; null for a model in memory.</param>
internal sealed record ModelFile(string Source, string? Folder)
{
    /// <summary>What it may make of itself.</summary>
    public ReadingLimits Limits { get; init; } = ReadingLimits.Default;

    /// <summary>What stands in an external_data entry of a tensor.</summary>
    /// <param name="tensor">What messages call the tensor.</param>
    /// <param name="entries">Keys and values.</param>
    /// <param name="bytes">How many bytes the tensor has.</param>
    /// <exception cref="OnnxException">The file lies outside the model's folder, is not there or too short, or
    /// an entry is wrong.</exception>
    public ExternalRange Locate(string tensor, IEnumerable<StringStringEntryProto> entries, long bytes)
    {
        string? location = null;
        long offset = 0;
        long? length = null;
        foreach (var entry in entries)
        {
            switch (entry.Key)
            {
                case "location": location = entry.Value; break;
                case "offset": offset = Number(tensor, entry); break;
                case "length": length = Number(tensor, entry); break;
            }
        }
        if (string.IsNullOrEmpty(location))
            throw new OnnxException(Source, $"{tensor} is external, but has no location");
        if (length is { } stated && stated != bytes)
            throw new OnnxException(Source, Text($"{tensor} has {stated} bytes of external data"),
                Text($"its dimensions need {bytes}"));
        var path = Resolve(tensor, location);
        var file = new FileInfo(path);
        if (!file.Exists) throw new OnnxException(Source, $"the external data of {tensor}, {path}, is not there");
        if (offset > file.Length || bytes > file.Length - offset)
        {
            throw new OnnxException(
                Source, Text($"the external data of {tensor}, {path}, has {file.Length} bytes"),
                Text($"{bytes} from byte {offset} on are needed"));
        }
        return new ExternalRange(path, offset, (int)bytes);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private long Number(string tensor, StringStringEntryProto entry) =>
        long.TryParse(entry.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new OnnxException(Source, $"{tensor} has '{entry.Value}' as the {entry.Key} of its external data",
                "a number of bytes is needed");

    /// <summary>The file of a location, which may not leave the model's folder.</summary>
    private string Resolve(string tensor, string location)
    {
        if (Folder is null)
            throw new OnnxException(Source,
                $"{tensor} has external data ('{location}'), and a model in memory has no folder",
                "load the model from its file");
        var parts = location.Split('/', '\\');
        if (Path.IsPathRooted(location) || location.Contains(':', StringComparison.Ordinal)
            || parts.Any(p => p is "" or "." or ".."))
            throw Outside(tensor, location);
        var root = OutputFile.Real(Folder);
        var path = OutputFile.Real(Path.Combine([root, .. parts]));
        return path.StartsWith(root.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar,
            StringComparison.Ordinal)
            ? path
            : throw Outside(tensor, location);
    }

    private OnnxException Outside(string tensor, string location) =>
        new(Source, $"{tensor} has external data in '{location}'",
            "external data must lie in the model's folder or below");
}

/// <summary>A range of an external file.</summary>
internal sealed record ExternalRange(string Path, long Offset, int Length)
{
    /// <summary>Reads it.</summary>
    public byte[] Read()
    {
        using var file = File.OpenHandle(Path);
        var bytes = new byte[Length];
        var done = 0;
        while (done < Length)
        {
            var count = RandomAccess.Read(file, bytes.AsSpan(done), Offset + done);
            if (count == 0) throw new EndOfStreamException($"{Path} has become shorter");
            done += count;
        }
        return bytes;
    }
}
