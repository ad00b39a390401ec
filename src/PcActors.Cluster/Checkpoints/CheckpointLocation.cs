namespace PcActors.Cluster.Checkpoints;

/// <summary>Where a run's checkpoints are, as nodes tell each other. It holds no secret: how a database is reached is every node's own
/// configuration.</summary>
/// <param name="Directory">A directory that all nodes see, with a file of SQLite in it; null for the database that nodes are configured with.</param>
/// <param name="Run">The run's name in that database.</param>
public sealed record CheckpointLocation(string? Directory, string Run = "run");
