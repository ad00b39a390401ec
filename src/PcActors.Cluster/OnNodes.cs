using PcActors.Cluster.Client;
using PcActors.Runs;
using PcActors.Tracing;

namespace PcActors.Cluster;

/// <summary>On the workers of a cluster: each has some of the graph's vertices. The same
/// bits as in one process.</summary>
/// <remarks>Workers and the coordinator may go: the steps since the last checkpoint are then made again.
/// Threads and actor systems are the workers' own. Where a run is recorded, every node records for itself, and the
/// parts are fetched and merged when the network is disposed of; when a node is lost, the run goes on
/// and there is no trace.</remarks>
/// <param name="node">This process's node of the cluster.</param>
public sealed class OnNodes(ClusterNode node) : NetworkPlace
{
    /// <summary>This process's node of the cluster.</summary>
    public ClusterNode Node => node;

    /// <summary>Workers that the first placement waits for.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>Workers that every placement waits for, the first and those after a loss.</summary>
    public int MinNodes { get; init; } = 1;

    /// <summary>How long workers are waited for, and then their vertices.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Steps after which parameters' states are collected. So many steps at most are made again
    /// when a node is lost.</summary>
    public int SnapshotEvery { get; init; } = 50;

    /// <summary>Whether this process's node joins the cluster again when it was taken for dead and removed.</summary>
    public bool Rejoins { get; init; }

    /// <summary>What people call the run's model.</summary>
    public string Model { get; init; } = "";

    /// <summary>The version that workers must have.</summary>
    public string Version { get; init; } = ClusterNode.ThisVersion;

    /// <summary>Told, in a line for people, when the graph is placed and when a node is lost.</summary>
    public Action<string>? Progress { get; init; }

    /// <inheritdoc/>
    internal override Task<IRun> StartAsync<T>(NetworkPlan<T> plan, CancellationToken cancellation)
    {
        RequireSense(plan.Options, plan.Graph.Vertices.Count);
        return ClusterRun<T>.StartAsync(this, plan, cancellation);
    }

    private void RequireSense(NetworkOptions options, int vertices)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MinNodes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Nodes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(SnapshotEvery, 1);
        if (options.Recording is not (null or TraceRecording))
            throw new ArgumentException("nodes record traces, and nothing else");
        if (Math.Max(Nodes, MinNodes) > vertices)
            throw new ClusterException(
                $"{Math.Max(Nodes, MinNodes)} nodes are more than the graph's {vertices} vertices");
    }
}
