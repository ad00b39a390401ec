using System.Globalization;
using System.Runtime.InteropServices;
using PcActors.Files;

namespace PcActors.Checkpoints;

/// <summary>Checkpoints as files of one directory, <c>checkpoint-STEP.safetensors</c>. One process at a time saves
/// there; any may read.</summary>
public sealed partial class CheckpointDirectory : CheckpointStore
{
    /// <summary>What the names of its files begin with.</summary>
    internal const string Prefix = "checkpoint-";

    private const string Suffix = ".safetensors";
    private const string Unfinished = ".tmp";
    private const string Damaged = ".damaged";

    private readonly string _path;
    private DirectoryLock? _lock;

    // The checkpoints' files as they were left, by which the directory is known.
    private HashSet<(long Step, DateTime Written)> _known = [];

    /// <param name="path">The directory; it need not be there yet: it is made with the first checkpoint.</param>
    /// <exception cref="CheckpointException">It is a file.</exception>
    public CheckpointDirectory(string path)
    {
        if (File.Exists(path)) throw new CheckpointException($"'{path}' is a file; checkpoints need a directory");
        _path = path;
    }

    /// <inheritdoc/>
    public override string Name => $"'{_path}'";

    /// <inheritdoc/>
    public override string? Hindrance => _lock is not { } held || held.IsThere ? null
        : !Directory.Exists(_path) ? "the directory was deleted or moved away"
        // The lock's file alone may be gone. A directory that somebody made again is as good, as long as it is
        // nobody else's.
        : Files() is { Count: > 0 } files && !files.Overlaps(_known)
            ? "another directory with checkpoints has come in its place" : null;

    /// <summary>Makes the file that a checkpoint is written into.</summary>
    internal Func<string, FileStream> Create { get; init; } =
        path => new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);

    /// <inheritdoc/>
    public override Task RequireWritableAsync(CancellationToken cancellation = default)
    {
        try
        {
            Open();
            return Task.CompletedTask;
        }
        catch (Exception e) when (Reason(e) is { } reason)
        {
            throw new CheckpointException($"checkpoints cannot be saved in {Name}: {reason}", e);
        }
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _lock?.Dispose();
        return base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override Task<IReadOnlyList<long>> StepsAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<long>>(Steps());

    /// <inheritdoc/>
    protected override Task<Stream?> OpenAsync(long step, CancellationToken cancellation)
    {
        try
        {
            return Task.FromResult<Stream?>(File.OpenRead(PathOf(step)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
        catch (Exception e) when (Reason(e) is { } reason)
        {
            // What is wrong with one file is not wrong with the directory.
            throw new CheckpointException($"the checkpoint of step {step} in {Name} cannot be used: {reason}", e);
        }
    }

    /// <inheritdoc/>
    protected override Task PutAsync(
        long step, Action<Stream> write, IReadOnlySet<long> kept, CancellationToken cancellation) =>
        Task.Run(() => Put(step, write, kept), cancellation);

    private void Put(long step, Action<Stream> write, IReadOnlySet<long> kept)
    {
        if (Hindrance is { } hindrance) throw new IOException(hindrance);
        if (_lock is { IsThere: false })
        {
            _lock.Dispose();
            _lock = null;
        }
        Open();
        var path = OutputFile.Real(PathOf(step));
        if (OutputFile.IsSpecial(path)) throw new IOException($"a device or a pipe stands at '{path}'");
        try
        {
            using (var file = Create(path + Unfinished))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(path + Unfinished, path, overwrite: true);
            FlushDirectory();
        }
        catch (Exception)
        {
            Attempt(() => File.Delete(path + Unfinished));
            throw;
        }
        // The checkpoint counts. What cannot be removed now is removed with the next one.
        Attempt(() =>
        {
            foreach (var other in Steps().Where(s => !kept.Contains(s)))
            {
                if (Refused.Contains(other)) File.Move(PathOf(other), PathOf(other) + Damaged, overwrite: true);
                else File.Delete(PathOf(other));
            }
            foreach (var left in Directory.EnumerateFiles(_path, $"{Prefix}*{Suffix}{Unfinished}")) File.Delete(left);
        });
        _known = Files();
    }

    private void Open()
    {
        Directory.CreateDirectory(_path);
        if (_lock is not null) return;
        _lock = DirectoryLock.Take(_path);
        _known = Files();
    }

    private HashSet<(long Step, DateTime Written)> Files() =>
        [.. Steps().Select(step => (step, File.GetLastWriteTimeUtc(PathOf(step))))];

    private string PathOf(long step) =>
        Path.Combine(_path, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{step}{Suffix}"));

    private List<long> Steps()
    {
        var steps = new List<long>();
        if (!Directory.Exists(_path)) return steps;
        foreach (var file in Directory.EnumerateFiles(_path, Prefix + "*" + Suffix))
        {
            var name = Path.GetFileName(file);
            // Other spellings of a number are names of other files.
            var number = name.AsSpan()[Prefix.Length..^Suffix.Length];
            if (long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var step)
                && PathOf(step) == Path.Combine(_path, name)) steps.Add(step);
        }
        return steps;
    }

    private static void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is no loss.
        }
    }

    /// <summary>Makes a renaming last: .NET has no call for that.</summary>
    private void FlushDirectory()
    {
        if (OperatingSystem.IsWindows()) return;
        var directory = Open(_path, 0);
        if (directory < 0) return;
        _ = Flush(directory);
        _ = Close(directory);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Flush(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
