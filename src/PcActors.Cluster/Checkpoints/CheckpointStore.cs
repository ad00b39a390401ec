using System.Numerics;
using Akka.Actor;
using PcActors.Learning.Vertices;

namespace PcActors.Cluster.Checkpoints;

/// <summary>Checkpoints in files of SQLite or in PostgreSQL, by way of Akka.Persistence's snapshot stores, in an actor system of its own.</summary>
public sealed class CheckpointStore : ICheckpointStore
{
    private readonly ActorSystem _system;
    private readonly ICheckpointPlace _place;
    private readonly CheckpointCatalogue _catalogue;
    private readonly SemaphoreSlim _choosing = new(1);
    private readonly string? _directory;
    private (long Step, int Index, PlacedManifest? Before)? _choice;
    private bool _isTidy;

    private CheckpointStore(ActorSystem system, ICheckpointPlace place, string? directory, string run)
    {
        (_system, _place, _directory) = (system, place, directory);
        _catalogue = new CheckpointCatalogue(place, run);
    }

    /// <summary>Opens a store. A directory need not be there yet: it is made with the first checkpoint. A database has to answer.</summary>
    /// <param name="location">Where it is.</param>
    /// <param name="connectionString">How this process reaches the database of PostgreSQL, in Npgsql's form, for a location without a
    /// directory. It stays here: no message and no exception has it.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="CheckpointException">There is no such database, or it does not answer; or the run's name is none.</exception>
    public static async Task<CheckpointStore> OpenAsync(
        CheckpointLocation location, string? connectionString = null, CancellationToken cancellation = default)
    {
        RequireName(location.Run);
        var store = location.Directory is { } directory ? OpenFiles(directory, location.Run)
            : connectionString is not null ? OpenDatabase(connectionString, location.Run)
            : throw new CheckpointException(
                $"the checkpoints of the run '{location.Run}' are in a database, and this process is not told how to reach it: a connection string is needed");
        try
        {
            for (var i = 0; i < store._place.Count; i++) await store._place.OpenToReadAsync(i, cancellation).ConfigureAwait(false);
            return store;
        }
        catch (Exception)
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Makes sure that checkpoints can be saved: makes the directory if need be.</summary>
    /// <exception cref="CheckpointException">Nothing can be written there.</exception>
    public async Task RequireWritableAsync(CancellationToken cancellation = default)
    {
        if (_directory is null) return;
        try
        {
            Directory.CreateDirectory(_directory);
            (await DirectoryLock.TakeAsync(_directory, cancellation).ConfigureAwait(false)).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"checkpoints cannot be saved in '{_directory}': {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <inheritdoc/>
    public async Task<string> SaveAsync<T>(long step, string parameter, ParameterSnapshot<T> state, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            var record = StateRecord.Write(step, parameter, state);
            var (index, _) = await ChooseAsync(step, cancellation).ConfigureAwait(false);
            var slot = await _place.OpenToWriteAsync(index, cancellation).ConfigureAwait(false);
            await slot.SaveAsync(_catalogue.NameOf(parameter), step, record, cancellation).ConfigureAwait(false);
            return record.Digest;
        }
        catch (CheckpointException e)
        {
            _isTidy = false;
            throw new CheckpointException($"the state of '{parameter}' at step {step} cannot be saved in {_place.Name}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public async Task CompleteAsync(CheckpointManifest manifest, CancellationToken cancellation)
    {
        PlacedManifest? before;
        int index;
        try
        {
            (index, before) = await ChooseAsync(manifest.Step, cancellation).ConfigureAwait(false);
            var slot = await _place.OpenToWriteAsync(index, cancellation).ConfigureAwait(false);
            await slot.SaveAsync(_catalogue.ManifestName, manifest.Step, ManifestRecord.Write(manifest), cancellation).ConfigureAwait(false);
        }
        catch (CheckpointException e)
        {
            _isTidy = false;
            throw new CheckpointException($"the checkpoint of step {manifest.Step} cannot be completed in {_place.Name}: {e.Message}", e);
        }
        try
        {
            // What only this step's own database can hold by now is looked for there; everything else once.
            await _catalogue.ForgetOthersAsync(manifest, before, _isTidy ? index : null, cancellation).ConfigureAwait(false);
            _isTidy = true;
        }
        catch (CheckpointException)
        {
            // The checkpoint counts. What could not be forgotten is looked for after the next one.
            _isTidy = false;
        }
    }

    /// <inheritdoc/>
    public async Task<CheckpointList> ListAsync(CancellationToken cancellation)
    {
        try
        {
            return await _catalogue.ListAsync(cancellation).ConfigureAwait(false);
        }
        catch (CheckpointException e)
        {
            throw new CheckpointException($"the checkpoints in {_place.Name} cannot be read: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public async Task<ParameterSnapshot<T>> LoadAsync<T>(CheckpointManifest manifest, string parameter, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!manifest.Digests.TryGetValue(parameter, out var digest))
            throw new CheckpointException($"the checkpoint of step {manifest.Step} in {_place.Name} has no parameter '{parameter}'");
        var (record, flaw) = await _catalogue.FindAsync(manifest.Step, parameter, digest, cancellation).ConfigureAwait(false);
        if (record is null) throw new CheckpointException($"the checkpoint of step {manifest.Step} in {_place.Name} cannot be used: {flaw}");
        return StateRecord.Read<T>(record, manifest.Step, parameter);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _system.Terminate().ConfigureAwait(false);
        _place.Dispose();
        _choosing.Dispose();
    }

    private static CheckpointStore OpenFiles(string directory, string run)
    {
        if (File.Exists(directory)) throw new CheckpointException($"'{directory}' is a file; checkpoints need a directory");
        var system = ActorSystem.Create(
            CheckpointConfig.SystemName, CheckpointConfig.For(CheckpointConfig.Sqlite, CheckpointFiles.ConnectionStrings(directory)));
        return new CheckpointStore(system, new CheckpointFiles(directory, system), directory, run);
    }

    private static CheckpointStore OpenDatabase(string connectionString, string run)
    {
        CheckpointDatabase.Parse(connectionString);
        var system = ActorSystem.Create(CheckpointConfig.SystemName, CheckpointConfig.For(CheckpointConfig.PostgreSql, connectionString));
        return new CheckpointStore(system, CheckpointDatabase.Of(connectionString, system), null, run);
    }

    private static void RequireName(string run)
    {
        if (run.Length is > 0 and <= 60 && run.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')) return;
        throw new CheckpointException($"'{run}' is no name of a run: letters, digits, '.', '-' and '_' make one, 60 at most");
    }

    /// <summary>Which database a step's checkpoint belongs into: not the one that has the last checkpoint before it. All nodes come
    /// to the same answer, because a step's states are saved after the checkpoint before it has been completed, or given up.</summary>
    private async Task<(int Index, PlacedManifest? Before)> ChooseAsync(long step, CancellationToken cancellation)
    {
        await _choosing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_choice is not { } choice || choice.Step != step)
            {
                var before = await _catalogue.LatestAsync(step - 1, cancellation).ConfigureAwait(false);
                var index = before is null ? 0 : (before.Index + 1) % _place.Count;
                _choice = choice = (step, index, before);
            }
            return (choice.Index, choice.Before);
        }
        finally
        {
            _choosing.Release();
        }
    }
}
