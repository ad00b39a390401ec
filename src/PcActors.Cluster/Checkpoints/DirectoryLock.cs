using System.Diagnostics;

namespace PcActors.Cluster.Checkpoints;

/// <summary>One process at a time: a file that is open. It is let go when the process ends, however it does.</summary>
internal static class DirectoryLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Waits until nobody else holds a directory.</summary>
    /// <returns>To be disposed of.</returns>
    /// <exception cref="CheckpointException">Somebody holds it for a minute.</exception>
    public static async Task<IDisposable> TakeAsync(string directory, CancellationToken cancellation)
    {
        var path = Path.Combine(directory, "checkpoints.lock");
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
            {
                if (waited.Elapsed > Patience) throw new CheckpointException($"'{path}' cannot be locked: {e.Message}", e);
            }
            await Task.Delay(20, cancellation).ConfigureAwait(false);
        }
    }
}
