using System.Numerics;
using PcActors.Cluster;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Tracing;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Output;

namespace PcNode.Cluster;

/// <summary>A command's node of a cluster: one that it joins, or one of its own on this machine.</summary>
internal sealed class ClusterSession : IAsyncDisposable
{
    private readonly ClusterNode _node;
    private readonly LocalWorkers? _workers;
    private readonly ClusterOptions _options;

    private ClusterSession(ClusterNode node, LocalWorkers? workers, ClusterOptions options) => (_node, _workers, _options) = (node, workers, options);

    /// <summary>The session that an experiment asks for; null when it runs in one process.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="graph">Its graph, before levelling.</param>
    /// <param name="terminal">Told how the cluster is.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="UsageException">What it asks for does not go together.</exception>
    /// <exception cref="ClusterException">No seed answers, or the port is taken.</exception>
    public static async Task<ClusterSession?> OpenAsync<T>(
        Experiment experiment, Graph<T> graph, Terminal terminal, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var settings = experiment.Settings;
        var nodes = settings.Get(SettingCatalogue.Nodes);
        var seeds = settings.Get(SettingCatalogue.Join);
        if (nodes is null && seeds is null) return null;
        RequireSense(experiment, nodes, seeds);
        var isLocal = seeds is null;
        var weights = nodes is { } count ? ShowPlacement(experiment, graph, count, terminal) : [];
        var minNodes = settings.Get(SettingCatalogue.MinNodes);
        var options = new ClusterOptions
        {
            Nodes = nodes ?? minNodes,
            MinNodes = isLocal ? 1 : minNodes,
            Model = experiment.Model,
            Progress = line => terminal.Say($"cluster: {line}"),
        };
        var node = await ClusterNode.JoinAsync(
            NodeSettings.Read(settings, seeds, terminal) with { Roles = [NodeRoles.Coordinator], FollowsCoordinator = isLocal },
            cancellation).ConfigureAwait(false);
        return new ClusterSession(node, isLocal ? LocalWorkers.Start(weights, node.Address, experiment.Threads, terminal) : null, options);
    }

    /// <summary>Starts a network on the workers.</summary>
    /// <param name="experiment">How it runs.</param>
    /// <param name="graph">The network.</param>
    /// <param name="restored">What it goes on from, in place of initial values.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<INetwork<T>> StartAsync<T>(
        Experiment experiment, Graph<T> graph, NetworkSnapshot<T>? restored, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        await ClusterSimulation<T>.StartAsync(_node, graph, NetworkFactory.Options(experiment), _options, restored, cancellation).ConfigureAwait(false);

    /// <summary>Starts a network on the workers, traced.</summary>
    public async Task<ITracedNetwork<T>> StartTracedAsync<T>(
        Experiment experiment, Graph<T> graph, TraceOptions trace, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        await TracedClusterSimulation<T>.StartAsync(_node, graph, NetworkFactory.Options(experiment), _options, trace, cancellation).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_workers is not null) await _workers.DisposeAsync().ConfigureAwait(false);
        await _node.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Says before the run where vertices will be.</summary>
    private static IReadOnlyList<double> ShowPlacement<T>(Experiment experiment, Graph<T> graph, int nodes, Terminal terminal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var runGraph = experiment.LearningRule is { LearnsAtLevel: true } ? Levelling.Level(graph) : graph;
        PlannedPlacement.RequireVertices(experiment.Settings.OriginOf(SettingCatalogue.Nodes), nodes, runGraph.Vertices.Count);
        var weights = PlannedPlacement.WeightsOf(experiment.Settings, nodes);
        terminal.Say($"cluster: {PlannedPlacement.Of(experiment, runGraph, weights).Report.Line}");
        return weights;
    }

    private static void RequireSense(Experiment experiment, int? nodes, IReadOnlyList<string>? seeds)
    {
        var settings = experiment.Settings;
        if (experiment.LearningRule is null)
            throw new UsageException($"{settings.OriginOf(seeds is null ? SettingCatalogue.Nodes : SettingCatalogue.Join)}: the rule bp is sequential and runs in one process");
        if (seeds is null && settings.IsSet(SettingCatalogue.TlsCertificate))
            throw new UsageException($"{settings.OriginOf(SettingCatalogue.TlsCertificate)}: the workers of --nodes are on this machine and talk over its loopback address; it is for --join");
        if (nodes is not null && seeds is not null)
        {
            throw new UsageException(
                $"{settings.OriginOf(SettingCatalogue.Nodes)}: it starts workers on this machine; to use those of a cluster, " +
                "give --join and --min-nodes");
        }
        if (nodes is null && settings.IsSet(SettingCatalogue.Weights))
        {
            throw new UsageException(
                $"{settings.OriginOf(SettingCatalogue.Weights)}: it is for --nodes; a node of a cluster has its weight from pcnode node --weight");
        }
    }
}
