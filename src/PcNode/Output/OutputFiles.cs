using System.Collections.Concurrent;
using PcActors.Files;
using PcActors.Runs;

namespace PcNode.Output;

/// <summary>Writes a file whole or not at all, as <see cref="OutputFile"/> does, and says what
/// is wrong with a path.</summary>
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
        try
        {
            if (OutputFile.TemporaryOf(path) is { } temporary)
                File.Create(temporary, 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException)
        {
            throw new UsageException($"{origin}: '{path}' cannot be written: {Reason(path, e)}");
        }
    }

    /// <summary>Refuses one file for two things.</summary>
    /// <exception cref="UsageException">They are the same.</exception>
    public static void RequireOther(string path, string origin, string other)
    {
        if (OutputFile.AreSame(path, other))
            throw new UsageException($"{origin}: '{path}' is named twice; give each its own file");
    }

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="origin">What names the file to the user, such as an option.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="RunFailedException">It cannot be written, though it could be when it was asked for.</exception>
    public static void Write(string path, string origin, Action<Stream> write)
    {
        try
        {
            TemporaryFiles.During([OutputFile.TemporaryOf(path)], () =>
            {
                using var file = new OutputFile(path);
                write(file.Stream);
                file.Complete();
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException)
        {
            throw new RunFailedException($"{origin}: '{path}' cannot be written: {Reason(path, e)}", cause: e);
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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException)
        {
            // Whatever kept it from being written is reported already.
        }
        Paths.TryRemove(path, out _);
    }

    /// <summary>Does something that leaves no such file behind, however it ends.</summary>
    /// <param name="paths">The files; null for none.</param>
    /// <param name="work">What is done.</param>
    public static void During(IReadOnlyList<string?> paths, Action work)
    {
        foreach (var path in paths.OfType<string>()) Add(path);
        try
        {
            work();
        }
        finally
        {
            foreach (var path in paths.OfType<string>()) Delete(path);
        }
    }

    /// <summary>Deletes all that are remembered.</summary>
    public static void DeleteAll()
    {
        foreach (var path in Paths.Keys) Delete(path);
    }
}
