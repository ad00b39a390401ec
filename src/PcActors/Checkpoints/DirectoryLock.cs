namespace PcActors.Checkpoints;

/// <summary>One process at a time saves in a directory: a file that is open. It is let go when the process ends,
/// however it does.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    /// <summary>Whether the lock's file is where it was; the directory may be there without it.</summary>
    public bool IsThere => File.Exists(_file.Name);

    /// <summary>Takes hold of a directory.</summary>
    /// <exception cref="CheckpointException">Another process has it.</exception>
    public static DirectoryLock Take(string directory)
    {
        try
        {
            var path = Path.Combine(directory, "checkpoints.lock");
            return new DirectoryLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (IsTaken(e))
        {
            throw new CheckpointException(
                $"another process saves its run in '{directory}'; give another place, or wait until it has ended", e);
        }
    }

    public void Dispose() => _file.Dispose();

    // EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.
    private static bool IsTaken(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);
}
