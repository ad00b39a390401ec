using System.Runtime.InteropServices;

namespace PcActors.Files;

/// <summary>A file that takes its place when it is complete; where a link stands, the place of what the link leads to.
/// A device or a pipe is never replaced: it is written straight into.</summary>
internal sealed partial class OutputFile : IDisposable
{
    private const int TypeOfFile = 0xF000;
    private const int Folder = 0x4000;
    private const int Regular = 0x8000;

    private readonly string? _temporary;

    /// <summary>Begins a file. What is there stays as it is until <see cref="Complete"/>.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public OutputFile(string path)
    {
        _temporary = TemporaryOf(path);
        Place = _temporary is null ? path : Real(path);
        Stream = _temporary is null
            ? new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)
            : new FileStream(_temporary, FileMode.Create, FileAccess.Write);
    }

    /// <summary>Takes what is written.</summary>
    public FileStream Stream { get; }

    /// <summary>The file in whose place it comes.</summary>
    public string Place { get; }

    /// <summary>The neighbour of a file into which it is written until it is complete; null for a device or a
    /// pipe.</summary>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static string? TemporaryOf(string path) =>
        IsSpecial(path) ? null : $"{Real(path)}.{Environment.ProcessId}.partial";

    /// <summary>Whether something is there that is neither a file nor a folder: a device, a pipe.</summary>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static bool IsSpecial(string path)
    {
        if (OperatingSystem.IsWindows()) return Path.GetFullPath(path).StartsWith(@"\\.\", StringComparison.Ordinal);
        if (Stat(path, out var status) != 0) return false;
        var type = status.Mode & TypeOfFile;
        // What a process has open may have a name that leads nowhere: /dev/stdout of a file that is deleted.
        return type != Folder && (type != Regular || !File.Exists(Real(path)));
    }

    /// <summary>Whether two paths lead to one file.</summary>
    public static bool AreSame(string path, string other)
    {
        try
        {
            return Real(path) == Real(other);
        }
        catch (IOException)
        {
            // Links that lead in a circle lead to no file.
            return false;
        }
    }

    /// <summary>A path without links: what the operating system comes to, whether it is there or not.</summary>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static string Real(string path)
    {
        var full = Path.GetFullPath(path);
        if (Path.GetDirectoryName(full) is not { } folder) return full;
        var entry = Path.Combine(Real(folder), Path.GetFileName(full));
        FileSystemInfo found = Directory.Exists(entry) ? new DirectoryInfo(entry) : new FileInfo(entry);
        // The target may lie behind links of its own.
        return found.LinkTarget is null ? entry : Real(found.ResolveLinkTarget(returnFinalTarget: true)!.FullName);
    }

    /// <summary>Writes it to the disk and closes it; nothing has taken its place yet.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Close()
    {
        if (!Stream.CanWrite) return;
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
    }

    /// <summary>Puts it in its place.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public void Complete()
    {
        Close();
        if (_temporary is not null) File.Move(_temporary, Place, overwrite: true);
    }

    /// <summary>Closes it; of one that is not complete nothing is left.</summary>
    public void Dispose()
    {
        // What kept it from being written is thrown already.
        Attempt(Stream.Dispose);
        if (_temporary is not null) Attempt(() => File.Delete(_temporary));
    }

    private static void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing is left that could be done.
        }
    }

    // The runtime's own call, on every system but Windows: .NET has none that tells a device from a file.
    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_Stat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(string path, out FileStatus status);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileStatus
    {
        [FieldOffset(4)]
        public int Mode;
    }
}
