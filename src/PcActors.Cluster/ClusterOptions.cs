using PcActors.Tracing.Recording;

namespace PcActors.Cluster;

/// <summary>How a network is run on a cluster.</summary>
public sealed record ClusterOptions
{
    /// <summary>Workers that the first placement waits for.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>Workers that every placement waits for, the first and those after a loss.</summary>
    public int MinNodes { get; init; } = 1;

    /// <summary>How long workers are waited for, and then their vertices.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Steps after which parameters' states are collected. So many steps at most are made again when a node is lost.</summary>
    public int SnapshotEvery { get; init; } = 50;

    /// <summary>What people call the run's model.</summary>
    public string Model { get; init; } = "";

    /// <summary>The version that workers must have.</summary>
    public string Version { get; init; } = ClusterNode.ThisVersion;

    /// <summary>What every node records; null for nothing.</summary>
    internal NodeTracing? Trace { get; init; }

    /// <summary>Told, in a line for people, when the graph is placed and when a node is lost.</summary>
    public Action<string>? Progress { get; init; }
}
