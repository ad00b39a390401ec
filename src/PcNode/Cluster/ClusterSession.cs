using System.Numerics;
using PcActors.Cluster;
using PcActors.Graphs;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Output;

namespace PcNode.Cluster;

/// <summary>A command's node of a cluster: one that it joins, or one of its own on this machine.</summary>
internal sealed class ClusterSession : IAsyncDisposable
{
    private readonly LocalWorkers? _workers;

    private ClusterSession(OnNodes where, LocalWorkers? workers) => (Where, _workers) = (where, workers);

    /// <summary>The session that an experiment asks for; null when it runs in one process.</summary>
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
        var node = await ClusterNode.JoinAsync(
            NodeSettings.Read(settings, seeds, terminal) with
            {
                Roles = [NodeRoles.Coordinator],
                FollowsCoordinator = isLocal
            },
            cancellation).ConfigureAwait(false);
        var where = new OnNodes(node)
        {
            Nodes = nodes ?? minNodes,
            MinNodes = isLocal ? 1 : minNodes,
            Rejoins = !isLocal,
            Model = experiment.Model,
            Progress = line => terminal.Say($"cluster: {line}"),
        };
        return new ClusterSession(where,
            isLocal
                ? LocalWorkers.Start(weights, node.Address, experiment.Threads,
                    settings.Get(SettingCatalogue.Extension) ?? [], terminal)
                : null);
    }

    /// <summary>The workers, to run networks on.</summary>
    public OnNodes Where { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_workers is not null) await _workers.DisposeAsync().ConfigureAwait(false);
        await Where.Node.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Says before the run where vertices will be.</summary>
    private static IReadOnlyList<double> ShowPlacement<T>(Experiment experiment, Graph<T> graph, int nodes,
        Terminal terminal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var runGraph = experiment.LearningRule!.RunGraphOf(graph);
        PlannedPlacement.RequireVertices(experiment.Settings.OriginOf(SettingCatalogue.Nodes), nodes,
            runGraph.Vertices.Count);
        var weights = PlannedPlacement.WeightsOf(experiment.Settings, nodes);
        terminal.Say($"cluster: {PlannedPlacement.Of(experiment, runGraph, weights).Report.Line}");
        return weights;
    }

    private static void RequireSense(Experiment experiment, int? nodes, IReadOnlyList<string>? seeds)
    {
        var settings = experiment.Settings;
        if (experiment.LearningRule is null)
            throw new UsageException(
                $"{settings.OriginOf(seeds is null ? SettingCatalogue.Nodes : SettingCatalogue.Join)}: the rule bp "
                + "is sequential and runs in one process");
        if (seeds is null && settings.IsSet(SettingCatalogue.TlsCertificate))
            throw new UsageException(
                $"{settings.OriginOf(SettingCatalogue.TlsCertificate)}: the workers of --nodes are on this machine "
                + "and talk over its loopback address; it is for --join");
        if (nodes is not null && seeds is not null)
        {
            throw new UsageException(
                $"{settings.OriginOf(SettingCatalogue.Nodes)}: it starts workers on this machine; to use those of a "
                + "cluster, " +
                "give --join and --min-nodes");
        }
        if (nodes is null && settings.IsSet(SettingCatalogue.Weights))
        {
            throw new UsageException(
                $"{settings.OriginOf(SettingCatalogue.Weights)}: it is for --nodes; a node of a cluster has its "
                + "weight from pcnode node --weight");
        }
    }
}
