namespace PcActors.Cluster.Checkpoints;

/// <summary>The databases of one store of checkpoints. They are opened when they are needed.</summary>
internal interface ICheckpointPlace : IDisposable
{
    /// <summary>What messages call it.</summary>
    string Name { get; }

    /// <summary>How many databases it has. With two, the last two checkpoints are in one each: what befalls one spares the other.</summary>
    int Count { get; }

    /// <summary>A database to read; null when it is not there, or cannot be read.</summary>
    /// <exception cref="CheckpointException">It does not answer.</exception>
    Task<CheckpointSlot?> OpenToReadAsync(int index, CancellationToken cancellation);

    /// <summary>A database to write to; it is made when it is not there.</summary>
    /// <exception cref="CheckpointException">It cannot be made, or does not answer.</exception>
    Task<CheckpointSlot> OpenToWriteAsync(int index, CancellationToken cancellation);

    /// <summary>Why a database that is there is not read, a sentence; null when it is.</summary>
    string? FlawOf(int index) => null;
}
