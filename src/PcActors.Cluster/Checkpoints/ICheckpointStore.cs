using System.Numerics;
using PcActors.Learning.Vertices;

namespace PcActors.Cluster.Checkpoints;

/// <summary>Where the checkpoints of one run are kept. Every parameter is saved by whoever holds it; a checkpoint counts once all are
/// saved and its manifest is; the last two that count are kept.</summary>
/// <remarks>A step's states are the same bits whoever saves them: saving one again does no harm. May be called by many threads.</remarks>
public interface ICheckpointStore : IAsyncDisposable
{
    /// <summary>Saves one parameter's state.</summary>
    /// <param name="step">Training steps that it has learnt from.</param>
    /// <param name="parameter">Its name in the graph as it runs.</param>
    /// <param name="state">The state; only read.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>A digest of the state, for the manifest.</returns>
    /// <exception cref="CheckpointException">It cannot be saved: a full disk, a database that is down.</exception>
    Task<string> SaveAsync<T>(long step, string parameter, ParameterSnapshot<T> state, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Makes a checkpoint count, and forgets those before the last two.</summary>
    /// <exception cref="CheckpointException">It cannot be saved.</exception>
    Task CompleteAsync(CheckpointManifest manifest, CancellationToken cancellation);

    /// <summary>The checkpoints that count, the latest first, and why others that are there do not.</summary>
    /// <exception cref="CheckpointException">The store cannot be read at all.</exception>
    Task<CheckpointList> ListAsync(CancellationToken cancellation);

    /// <summary>Loads one parameter's state.</summary>
    /// <param name="manifest">The checkpoint.</param>
    /// <param name="parameter">One of its parameters.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="CheckpointException">It is not there, or damaged: its digest is not the manifest's.</exception>
    Task<ParameterSnapshot<T>> LoadAsync<T>(CheckpointManifest manifest, string parameter, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
