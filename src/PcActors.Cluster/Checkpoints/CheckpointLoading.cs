using System.Numerics;
using PcActors.Learning.Vertices;
using PcActors.Learning;

namespace PcActors.Cluster.Checkpoints;

/// <summary>Reads checkpoints as a whole.</summary>
public static class CheckpointLoading
{
    /// <summary>All that a network goes on from at a checkpoint.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="manifest">The checkpoint.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="CheckpointException">A state is not there, or damaged, or of another element type.</exception>
    public static async Task<NetworkSnapshot<T>> LoadAsync<T>(
        this ICheckpointStore store, CheckpointManifest manifest, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var states = new Dictionary<string, ParameterSnapshot<T>>(StringComparer.Ordinal);
        foreach (var parameter in manifest.Digests.Keys)
            states[parameter] = await store.LoadAsync<T>(manifest, parameter, cancellation).ConfigureAwait(false);
        return new NetworkSnapshot<T>(states, new MessageCounts(manifest.Values, manifest.Errors));
    }
}
