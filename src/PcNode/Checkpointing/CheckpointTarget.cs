using PcActors.Checkpoints;
using PcActors.Cluster.Checkpoints;
using PcNode.Configuration;

namespace PcNode.Checkpointing;

/// <summary>Where a command's checkpoints are: a directory, or a run in the database that this process is told
/// of.</summary>
/// <param name="Place">The directory, or the run's name.</param>
/// <param name="ConnectionString">How this process reaches the database; null for a directory.</param>
internal sealed record CheckpointTarget(string Place, string? ConnectionString)
{
    /// <summary>The environment variable that tells of the database, where the experiment file does not.</summary>
    public const string Variable = "PCNODE_CHECKPOINT_CONNECTION_STRING";

    /// <summary>What messages call it.</summary>
    public string Name => ConnectionString is null ? $"'{Place}'" : $"the run '{Place}' of the database";

    /// <summary>What a name on the command line means.</summary>
    /// <param name="name">A directory, or a run's name.</param>
    /// <param name="settings">They may tell of a database.</param>
    public static CheckpointTarget Of(string name, Settings settings)
    {
        if (name.Length == 0) throw new UsageException("--checkpoint: it is empty; a directory is needed, or the name of a run in a database");
        var connection = settings.Get(SettingCatalogue.CheckpointConnection) ?? Environment.GetEnvironmentVariable(Variable);
        return new CheckpointTarget(name, string.IsNullOrEmpty(connection) ? null : connection);
    }

    /// <summary>Opens the store.</summary>
    /// <exception cref="CheckpointException">It cannot be opened.</exception>
    public async Task<CheckpointStore> OpenAsync(CancellationToken cancellation) => ConnectionString is null
        ? new CheckpointDirectory(Place)
        : await CheckpointDatabase.OpenAsync(ConnectionString, Place, cancellation).ConfigureAwait(false);
}
