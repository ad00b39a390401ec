using System.Collections.Concurrent;

namespace PcNode.Output;

/// <summary>Writes a file whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Refuses a path to which no file can be written. The file that may be there stays as it is.</summary>
    /// <param name="path">The file.</param>
    /// <param name="origin">What names the file to the user, such as an option.</param>
    /// <exception cref="UsageException">It cannot be written.</exception>
    public static void Require(string path, string origin)
    {
        if (path.Length == 0) throw new UsageException($"{origin}: '' is no file");
        if (Directory.Exists(path)) throw new UsageException($"{origin}: '{path}' cannot be written: it is a folder");
        var temporary = $"{path}.{Environment.ProcessId}.partial";
        try
        {
            File.Create(temporary, 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{origin}: '{path}' cannot be written: {Reason(path, e)}");
        }
    }

    /// <summary>Refuses one file for two things.</summary>
    /// <exception cref="UsageException">They are the same.</exception>
    public static void RequireOther(string path, string origin, string other)
    {
        if (Path.GetFullPath(path) == Path.GetFullPath(other)) throw new UsageException($"{origin}: '{path}' is named twice; give each its own file");
    }

    /// <summary>Writes to a neighbour of the file and then puts it in the file's place.</summary>
    /// <param name="path">The file.</param>
    /// <param name="origin">What names the file to the user, such as an option.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public static void Write(string path, string origin, Action<Stream> write)
    {
        var temporary = $"{path}.{Environment.ProcessId}.partial";
        try
        {
            TemporaryFiles.Add(temporary);
            using (var stream = File.Create(temporary)) write(stream);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{origin}: '{path}' cannot be written: {Reason(path, e)}");
        }
        finally
        {
            TemporaryFiles.Delete(temporary);
        }
    }

    private static string Reason(string path, Exception e)
    {
        if (Directory.Exists(path)) return "it is a folder";
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return folder is not null && !Directory.Exists(folder) ? $"there is no folder '{folder}'" : e.Message;
    }
}

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
