using PcActors.Data.Npy;

namespace PcNode.Inferring;

/// <summary>Files that an option gives to vertices: NAME=FILE each.</summary>
internal static class NamedFiles
{
    /// <summary>The files by name.</summary>
    /// <param name="option">The option.</param>
    /// <param name="given">NAME=FILE each; the last sign of equality is what parts them.</param>
    /// <exception cref="UsageException">One is no such thing, or a name is given twice.</exception>
    public static IReadOnlyDictionary<string, string> Read(string option, IReadOnlyList<string> given)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in given)
        {
            var at = text.LastIndexOf('=');
            if (at < 1 || at == text.Length - 1)
                throw new UsageException($"{option}: '{text}' is not NAME=FILE.npy, NAME being a vertex");
            if (!files.TryAdd(text[..at], text[(at + 1)..]))
                throw new UsageException(
                    $"{option}: '{text[..at]}' is given twice, with '{files[text[..at]]}' and '{text[(at + 1)..]}'");
        }
        return files;
    }

    /// <summary>The arrays by name.</summary>
    /// <exception cref="UsageException">As <see cref="Read"/>, or an array has no samples.</exception>
    /// <exception cref="PcActors.Data.DataException">A file cannot be read.</exception>
    public static IReadOnlyDictionary<string, NpyArray> ReadArrays(string option, IReadOnlyList<string> given)
    {
        var arrays = Read(option, given).ToDictionary(f => f.Key, f => NpyFile.Read(f.Value), StringComparer.Ordinal);
        foreach (var (name, array) in arrays)
        {
            if (array.Shape.Rank == 0 || array.Shape.Length == 0)
                throw new UsageException(
                    $"{option} {name}: {array.Source} has the shape {array.Shape}; samples along the first axis are "
                    + "wanted");
        }
        return arrays;
    }
}
