using System.Numerics;
using PcActors.Runs;

namespace PcActors.Checkpoints;

/// <summary>Where the checkpoints of one run are kept, the last ones of them. A kind of place derives from this and
/// says how files are listed, read and put there.</summary>
/// <remarks>One checkpoint is saved at a time.</remarks>
public abstract class CheckpointStore : IAsyncDisposable
{
    // The steps of the checkpoints that count; null before that has been looked into.
    private List<long>? _sound;

    /// <summary>What messages call the place.</summary>
    public abstract string Name { get; }

    /// <summary>Why nothing can be saved, where that shows before it is tried, a sentence; null when nothing speaks
    /// against it.</summary>
    public virtual string? Hindrance => null;

    /// <summary>Steps whose checkpoints cannot be used.</summary>
    protected IReadOnlySet<long> Refused { get; private set; } = new HashSet<long>();

    /// <summary>Makes sure, before a run begins, that its checkpoints can be saved.</summary>
    /// <exception cref="CheckpointException">They cannot.</exception>
    public virtual Task RequireWritableAsync(CancellationToken cancellation = default) => Task.CompletedTask;

    /// <summary>Saves a checkpoint, whole or not at all, and forgets the others but for the last ones before it. Later
    /// ones come from a future that did not happen.</summary>
    /// <param name="manifest">What it says of itself; what the states tell need not be filled in.</param>
    /// <param name="snapshot">The states; only read.</param>
    /// <param name="keep">How many checkpoints are kept, from 1.</param>
    /// <param name="cancellation">Gives it up.</param>
    /// <exception cref="CheckpointException">It cannot be saved: a full disk, a database that is down, more
    /// parameters than its format has room for.</exception>
    public async Task SaveAsync<T>(
        CheckpointManifest manifest, NetworkSnapshot<T> snapshot, int keep = 2,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        if (_sound is null) await ListAsync(cancellation).ConfigureAwait(false);
        try
        {
            var kept = _sound!.Where(s => s < manifest.Step).OrderDescending().Take(keep - 1).Append(manifest.Step)
                .ToHashSet();
            await PutAsync(
                manifest.Step, stream => CheckpointFile.Write(stream, manifest, snapshot), kept, cancellation)
                .ConfigureAwait(false);
            _sound = [.. kept];
            Refused = Refused.Where(s => s != manifest.Step).ToHashSet();
        }
        catch (Exception e) when ((Reason(e) ?? (e as CheckpointException)?.Message) is { } reason)
        {
            throw new CheckpointException($"the checkpoint of step {manifest.Step} cannot be saved in {Name}: {reason}",
                e);
        }
    }

    /// <summary>The checkpoints that count, the latest first, every state of them checked, and why others that are
    /// there do not.</summary>
    /// <exception cref="CheckpointException">The place cannot be read at all.</exception>
    public async Task<CheckpointList> ListAsync(CancellationToken cancellation = default)
    {
        try
        {
            var sound = new List<CheckpointManifest>();
            var refused = new SortedDictionary<long, string>();
            foreach (var step in (await StepsAsync(cancellation).ConfigureAwait(false)).OrderDescending())
            {
                try
                {
                    if (await ReadAsync(step, CheckpointFile.Check, cancellation).ConfigureAwait(false) is { } manifest)
                        sound.Add(manifest);
                }
                catch (CheckpointException e)
                {
                    refused[step] = e.Message;
                }
            }
            Refused = refused.Keys.ToHashSet();
            _sound = [.. sound.Select(m => m.Step)];
            return new CheckpointList(sound, [.. refused.Values.Reverse()]);
        }
        catch (Exception e) when (Reason(e) is { } reason)
        {
            throw new CheckpointException($"the checkpoints in {Name} cannot be read: {reason}", e);
        }
    }

    /// <summary>All that a network goes on from at a checkpoint.</summary>
    /// <exception cref="CheckpointException">It is not there, or damaged, or of another element type.</exception>
    public async Task<NetworkSnapshot<T>> LoadAsync<T>(CheckpointManifest manifest,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            return await ReadAsync(manifest.Step, CheckpointFile.Read<T>, cancellation).ConfigureAwait(false)
                ?? throw new CheckpointException($"the checkpoint of step {manifest.Step} is not in {Name} any more");
        }
        catch (Exception e) when (Reason(e) is { } reason)
        {
            throw new CheckpointException($"the checkpoint of step {manifest.Step} in {Name} cannot be read: {reason}",
                e);
        }
    }

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>The steps of which there is a file, in any order.</summary>
    protected abstract Task<IReadOnlyList<long>> StepsAsync(CancellationToken cancellation);

    /// <summary>A step's file, at its beginning; null when it is not there.</summary>
    protected abstract Task<Stream?> OpenAsync(long step, CancellationToken cancellation);

    /// <summary>Puts a step's file there, in place of one that there may be: whole or not at all. Then removes those of
    /// other steps. The caller does not wait for the work.</summary>
    /// <param name="step">The step.</param>
    /// <param name="write">Writes the file; it takes a while.</param>
    /// <param name="kept">The steps whose files stay.</param>
    /// <param name="cancellation">Gives it up.</param>
    protected abstract Task PutAsync(
        long step, Action<Stream> write, IReadOnlySet<long> kept, CancellationToken cancellation);

    /// <summary>What people are told of an exception of the place's own; null for any other.</summary>
    protected virtual string? Reason(Exception exception) => exception is IOException or UnauthorizedAccessException
        ? exception.Message.ReplaceLineEndings(" ").Trim()
        : null;

    private async Task<TResult?> ReadAsync<TResult>(long step, Func<Stream, TResult> read,
        CancellationToken cancellation)
        where TResult : class
    {
        var stream = await OpenAsync(step, cancellation).ConfigureAwait(false);
        if (stream is null) return null;
        await using var _ = stream.ConfigureAwait(false);
        try
        {
            var found = read(stream);
            return found is CheckpointManifest manifest && manifest.Step != step
                ? throw new CheckpointException($"under its step that of step {manifest.Step} is stored")
                : found;
        }
        catch (Exception e) when (e is CheckpointException or IOException)
        {
            throw new CheckpointException($"the checkpoint of step {step} in {Name} cannot be used: {e.Message}", e);
        }
    }
}
