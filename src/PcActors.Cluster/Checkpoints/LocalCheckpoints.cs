using System.Numerics;
using PcActors.Learning;

namespace PcActors.Cluster.Checkpoints;

/// <summary>Checkpoints of a network in this process: its states are copied between two steps, and written while steps go on.</summary>
/// <param name="network">The network.</param>
/// <param name="store">Where they go.</param>
/// <param name="model">What the network is: see <see cref="CheckpointModel"/>.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LocalCheckpoints<T>(ISnapshotNetwork<T> network, ICheckpointStore store, string model) : ICheckpoints
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public Task<CheckpointOutcome> SaveAsync(long step, IReadOnlyDictionary<string, string> notes, CancellationToken cancellation = default)
    {
        // Asked for before this returns; the rest is done elsewhere.
        var snapshot = network.SnapshotAsync();
        return Task.Run(() => WriteAsync(step, notes, snapshot, cancellation), CancellationToken.None);
    }

    private async Task<CheckpointOutcome> WriteAsync(
        long step, IReadOnlyDictionary<string, string> notes, Task<NetworkSnapshot<T>> asked, CancellationToken cancellation)
    {
        var snapshot = await asked.ConfigureAwait(false);
        try
        {
            var digests = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (parameter, state) in snapshot.States)
                digests[parameter] = await store.SaveAsync(step, parameter, state, cancellation).ConfigureAwait(false);
            var manifest = new CheckpointManifest
            {
                Step = step,
                Model = model,
                Digests = digests,
                Notes = notes,
                Values = snapshot.Messages.Values,
                Errors = snapshot.Messages.Errors,
                Bytes = snapshot.States.Values.Sum(s => s.Bytes),
                Time = DateTimeOffset.UtcNow,
            };
            await store.CompleteAsync(manifest, cancellation).ConfigureAwait(false);
            return new CheckpointOutcome(step);
        }
        catch (CheckpointException e)
        {
            return new CheckpointOutcome(step, e.Message);
        }
    }
}
