using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using PcActors.Cluster.Coordination;
using PcActors.Cluster.Hosting;
using PcActors.Cluster.Membership;
using PcActors.Cluster.Status;
using PcActors.Cluster.Traces;
using PcActors.Runs;

namespace PcActors.Cluster;

/// <summary>This process's node of a cluster. A worker hosts vertices for whoever runs a network.</summary>
public sealed class ClusterNode : IAsyncDisposable
{
    /// <summary>Nodes of one cluster have actor systems of one name.</summary>
    internal const string SystemName = "pcactors";

    private readonly NodeOptions _options;
    private readonly SemaphoreSlim _rejoining = new(1);
    private readonly CancellationTokenSource _leaving = new();
    private AkkaCluster _cluster;
    private volatile IReadOnlyList<string> _known = [];

    private ClusterNode(NodeOptions options)
    {
        _options = options;
        System = Create(options);
        _cluster = AkkaCluster.Get(System);
    }

    /// <summary>The version of this library: nodes of one cluster have the same.</summary>
    public static string ThisVersion { get; } = typeof(ClusterNode).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>The actor system; another one when the node has joined again.</summary>
    public ActorSystem System { get; private set; }

    /// <summary>HOST:PORT.</summary>
    public string Address => $"{_cluster.SelfAddress.Host}:{_cluster.SelfAddress.Port}";

    /// <summary>Completes when the node is no part of the cluster any more: true when it left by itself, false
    /// when it was removed.</summary>
    public Task<bool> Ended => System.WhenTerminated.ContinueWith(_ => IsLeaving, TaskScheduler.Default);

    /// <summary>Whether it leaves by itself.</summary>
    internal bool IsLeaving => _leaving.IsCancellationRequested;

    /// <summary>Starts a node, and joins it to a cluster or begins one.</summary>
    /// <param name="options">The node.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ClusterException">The port is taken, no seed answers, or the cluster
    /// runs another version.</exception>
    public static async Task<ClusterNode> JoinAsync(NodeOptions options, CancellationToken cancellation = default)
    {
        options.RequireSeeds();
        RequireFreePort(options);
        var node = new ClusterNode(options);
        try
        {
            await node.StartAsync(options.Seeds, cancellation).ConfigureAwait(false);
            return node;
        }
        catch (Exception)
        {
            await node.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Joins the cluster again, under another address if its port is any: nodes that were removed
    /// are not taken back.</summary>
    /// <param name="cancellation">Ends the waiting; so does the node's disposal.</param>
    /// <exception cref="ClusterException">Nobody answers of those whom it was to join, or has known.</exception>
    internal async Task RejoinAsync(CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _leaving.Token);
        await _rejoining.WaitAsync(either.Token).ConfigureAwait(false);
        try
        {
            if (!System.WhenTerminated.IsCompleted) return;
            System = Create(_options);
            _cluster = AkkaCluster.Get(System);
            try
            {
                await StartAsync([.. _options.Seeds.Union(_known)], either.Token).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // A node that is in no cluster is none.
                await System.Terminate().ConfigureAwait(false);
                throw;
            }
        }
        finally
        {
            _rejoining.Release();
        }
    }

    /// <summary>Leaves the cluster, so that the others need not find out. A coordinator that they all
    /// follow takes no leave.</summary>
    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync().ConfigureAwait(false);
        // Whoever joins again stops that, and leaves no actor system behind.
        await _rejoining.WaitAsync().ConfigureAwait(false);
        try
        {
            await LeaveAsync().ConfigureAwait(false);
            await System.Terminate().ConfigureAwait(false);
        }
        finally
        {
            _rejoining.Release();
        }
    }

    private async Task LeaveAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            if (!IsFollowed && !System.WhenTerminated.IsCompleted
                && _cluster.SelfMember.Status is MemberStatus.Up or MemberStatus.WeaklyUp)
                await _cluster.LeaveAsync(patience.Token).WaitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or TaskCanceledException)
        {
            // Nobody is there to take leave of.
        }
    }

    /// <summary>Whether the cluster lives for this node.</summary>
    private bool IsFollowed => _options.FollowsCoordinator && _options.Roles.Contains(NodeRoles.Coordinator);

    private static ActorSystem Create(NodeOptions options)
    {
        try
        {
            return StartSystem(options, ClusterConfig.For(options));
        }
        catch (Exception e)
        {
            throw new ClusterException(
                $"the node cannot listen on {options.Hostname}:{options.Port}: {e.GetBaseException().Message}", e);
        }
    }

    /// <summary>Starts an actor system that talks to a cluster's nodes.</summary>
    internal static ActorSystem StartSystem(NodeOptions options, Config config) =>
        LogBridge.Start(SystemName, config, options.Logs, options.Certificate?.Setup(), options.Setup);

    private async Task StartAsync(IReadOnlyList<string> seeds, CancellationToken cancellation)
    {
        // They are there when the others learn of the node.
        System.ActorOf(Props.Create(() => new StatusActor()), StatusActor.Name);
        System.ActorOf(Props.Create(() => new TraceShelf()), TraceShelf.Name);
        if (_options.Roles.Contains(NodeRoles.Worker))
            System.ActorOf(Props.Create(() => new HostActor()), HostActor.Name);
        if (_options.Roles.Contains(NodeRoles.Coordinator)) CoordinatorSingleton.Start(System);
        await Joining.JoinAsync(_cluster, [.. seeds.Select(s => ParseAddress(s, _options))], _options, cancellation)
            .ConfigureAwait(false);
        Action<IReadOnlyList<string>> know = others => _known = others;
        System.ActorOf(Props.Create(() => new Others(know)));
    }

    internal static Akka.Actor.Address ParseAddress(string text, NodeOptions options)
    {
        if (!Uri.TryCreate($"tcp://{text}", UriKind.Absolute, out var uri) || uri.Port is < 1 or > 65_535
            || uri.PathAndQuery != "/")
            throw new ClusterException($"'{text}' is no HOST:PORT");
        var protocol = options.IsThrottled ? "akka.trttl.tcp"
            : options.Certificate is not null ? "akka.ssl.tcp"
            : "akka.tcp";
        return new Akka.Actor.Address(protocol, SystemName, uri.Host, uri.Port);
    }

    private static void RequireFreePort(NodeOptions options)
    {
        if (options.Port == 0) return;
        try
        {
            using var listener = new TcpListener(IPAddress.Any, options.Port) { ExclusiveAddressUse = true };
            listener.Start();
        }
        catch (SocketException e)
        {
            throw new ClusterException($"the port {options.Port} cannot be listened on: {e.Message}", e);
        }
    }
}
