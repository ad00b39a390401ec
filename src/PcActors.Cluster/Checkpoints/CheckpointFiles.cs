using Akka.Actor;
using Microsoft.Data.Sqlite;

namespace PcActors.Cluster.Checkpoints;

/// <summary>Two files of SQLite in a directory, for the processes of one machine.</summary>
internal sealed class CheckpointFiles : ICheckpointPlace
{
    private readonly string _directory;
    private readonly SemaphoreSlim _opening = new(1);
    private readonly CheckpointSlot[] _slots;
    private readonly bool[] _isOpen = new bool[2];
    private readonly string?[] _flaws = new string?[2];

    /// <param name="directory">Where they are; it need not be there yet.</param>
    /// <param name="system">The actor system of the store, with a snapshot store for each of <see cref="ConnectionStrings"/>.</param>
    public CheckpointFiles(string directory, ActorSystem system)
    {
        _directory = directory;
        _slots = [.. Enumerable.Range(0, Count).Select(i => new CheckpointSlot(system, CheckpointConfig.PluginOf(i), hidden: null))];
    }

    /// <inheritdoc/>
    public string Name => $"'{_directory}'";

    /// <inheritdoc/>
    public int Count => _isOpen.Length;

    /// <summary>The files' connection strings.</summary>
    public static IReadOnlyList<string> ConnectionStrings(string directory) => [ConnectionString(directory, 0), ConnectionString(directory, 1)];

    /// <summary>Whether a directory has any of the files.</summary>
    public static bool AreIn(string directory) => File.Exists(PathOf(directory, 0)) || File.Exists(PathOf(directory, 1));

    /// <inheritdoc/>
    public string? FlawOf(int index) => _flaws[index];

    /// <inheritdoc/>
    public async Task<CheckpointSlot?> OpenToReadAsync(int index, CancellationToken cancellation)
    {
        await OpenAsync(index, toWrite: false, cancellation).ConfigureAwait(false);
        return _isOpen[index] ? _slots[index] : null;
    }

    /// <inheritdoc/>
    public async Task<CheckpointSlot> OpenToWriteAsync(int index, CancellationToken cancellation)
    {
        await OpenAsync(index, toWrite: true, cancellation).ConfigureAwait(false);
        return _slots[index];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _opening.Dispose();
        foreach (var slot in _slots) slot.Dispose();
        for (var i = 0; i < Count; i++)
        {
            using var connection = new SqliteConnection(ConnectionString(_directory, i));
            SqliteConnection.ClearPool(connection);
        }
    }

    private static string PathOf(string directory, int index) => Path.Combine(directory, $"checkpoints-{index + 1}.db");

    private static string ConnectionString(string directory, int index) =>
        new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(PathOf(directory, index)), DefaultTimeout = 60 }.ToString();

    private async Task OpenAsync(int index, bool toWrite, CancellationToken cancellation)
    {
        if (_isOpen[index]) return;
        await _opening.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var path = PathOf(_directory, index);
            if (_isOpen[index] || (!toWrite && !File.Exists(path))) return;
            Directory.CreateDirectory(_directory);
            // Several nodes open the same files: one looks a file over, sets it up and makes its table while the others wait.
            using var one = await DirectoryLock.TakeAsync(_directory, cancellation).ConfigureAwait(false);
            _flaws[index] = File.Exists(path) ? SqliteFile.FlawOf(path) : null;
            if (_flaws[index] is not null && !toWrite) return;
            if (_flaws[index] is not null) SqliteFile.PutAside(path);
            _flaws[index] = null;
            SqliteFile.Prepare(path);
            await _slots[index].LoadAsync("", 0, cancellation).ConfigureAwait(false);
            _isOpen[index] = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new CheckpointException($"the file '{PathOf(_directory, index)}' cannot be opened: {e.Message.ReplaceLineEndings(" ")}", e);
        }
        finally
        {
            _opening.Release();
        }
    }
}
