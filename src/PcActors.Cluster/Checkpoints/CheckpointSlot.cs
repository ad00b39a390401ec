using Akka.Actor;
using Akka.Persistence;

namespace PcActors.Cluster.Checkpoints;

/// <summary>One database with records, by name and step: a snapshot store of Akka.Persistence.</summary>
/// <param name="system">The actor system of the store.</param>
/// <param name="plugin">Configuration path of the snapshot store.</param>
/// <param name="hidden">What must not stand in a message: a password.</param>
internal sealed class CheckpointSlot(ActorSystem system, string plugin, string? hidden) : IDisposable
{
    // A file takes one writer at a time, and whoever finds it busy sleeps long.
    private readonly SemaphoreSlim _writer = new(1);

    /// <summary>Stores a record; one that is there already is replaced.</summary>
    /// <exception cref="CheckpointException">It cannot be stored.</exception>
    public Task SaveAsync(string name, long step, StoredRecord record, CancellationToken cancellation) =>
        WriteAsync(new SaveSnapshot(new SnapshotMetadata(name, step, DateTime.UtcNow), record), cancellation);

    /// <summary>The record of the latest step up to one; null when there is none.</summary>
    /// <exception cref="CheckpointException">It cannot be read.</exception>
    public async Task<(long Step, StoredRecord Record)?> LoadAsync(string name, long upTo, CancellationToken cancellation)
    {
        var criteria = new SnapshotSelectionCriteria(upTo, DateTime.MaxValue);
        var found = await AskAsync(new LoadSnapshot(name, criteria, upTo), cancellation).ConfigureAwait(false);
        return found is null ? null : (found.Metadata.SequenceNr, found.Snapshot as StoredRecord ?? new StoredRecord([]));
    }

    /// <summary>Forgets a name's records up to a step.</summary>
    /// <exception cref="CheckpointException">The database does not answer.</exception>
    public Task DeleteUpToAsync(string name, long step, CancellationToken cancellation) =>
        WriteAsync(new DeleteSnapshots(name, new SnapshotSelectionCriteria(step, DateTime.MaxValue)), cancellation);

    /// <summary>Forgets a name's record of a step.</summary>
    /// <exception cref="CheckpointException">The database does not answer.</exception>
    public Task DeleteAsync(string name, long step, CancellationToken cancellation) =>
        WriteAsync(new DeleteSnapshot(new SnapshotMetadata(name, step, DateTime.MinValue)), cancellation);

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private async Task WriteAsync(object question, CancellationToken cancellation)
    {
        await _writer.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await AskAsync(question, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _writer.Release();
        }
    }

    private async Task<SelectedSnapshot?> AskAsync(object question, CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<SelectedSnapshot?>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            var store = Persistence.Instance.Apply(system).SnapshotStoreFor(plugin);
            system.ActorOf(Props.Create(() => new SnapshotRequest(store, question, answer)));
            return await answer.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or CheckpointException or OutOfMemoryException))
        {
            throw new CheckpointException(Reason(e), e);
        }
    }

    private string Reason(Exception e)
    {
        while (e.InnerException is { } inner) e = inner;
        var reason = e.Message.ReplaceLineEndings(" ").Trim();
        return string.IsNullOrEmpty(hidden) ? reason : reason.Replace(hidden, "***", StringComparison.Ordinal);
    }
}
