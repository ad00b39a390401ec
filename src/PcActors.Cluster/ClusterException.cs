namespace PcActors.Cluster;

/// <summary>A node cannot be what was asked for: its port is taken, no seed answers, or the cluster
/// runs another version.</summary>
public sealed class ClusterException(string message, Exception? cause = null) : Exception(message, cause);
