using System.Collections.Concurrent;

namespace PcNode.Output;

/// <summary>Files that nobody is to find when the process has ended, even if it is cut off.</summary>
internal static class TemporaryFiles
{
    private static readonly ConcurrentDictionary<string, bool> Paths = new();

    /// <summary>Remembers a file, whether it is there or not.</summary>
    public static void Add(string path) => Paths[path] = true;

    /// <summary>Deletes a file if it is there and can be deleted, and forgets it.</summary>
    public static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // Whatever kept it from being written is reported already.
        }
        Paths.TryRemove(path, out _);
    }

    /// <summary>Deletes all that are remembered.</summary>
    public static void DeleteAll()
    {
        foreach (var path in Paths.Keys) Delete(path);
    }
}
