using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Remote;
using Akka.Remote.Transport;
using PcActors.Cluster;
using PcActors.Cluster.Links;
using PcActors.Cluster.Membership;
using PcActors.Cluster.Security;

namespace PcActors.Tests.Cluster;

/// <summary>A cluster within this process: one node that coordinates, and workers.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private LocalCluster(ClusterNode coordinator, List<ClusterNode> workers) =>
        (Coordinator, Workers) = (coordinator, workers);

    public ClusterNode Coordinator { get; }

    public List<ClusterNode> Workers { get; }

    public static async Task<LocalCluster> StartAsync(
        int workers, Setup? setup = null, double pause = 20, NodeCertificate? certificate = null)
    {
        var coordinator = await ClusterNode.JoinAsync(
            Options(setup, pause) with { Roles = [NodeRoles.Coordinator], Certificate = certificate });
        var cluster = new LocalCluster(coordinator, []);
        for (var i = 0; i < workers; i++) await cluster.AddWorkerAsync(setup, pause, certificate: certificate);
        return cluster;
    }

    /// <summary>A cluster that stands for itself: any of its nodes may have the coordinator, the first one does. The
    /// client is the last.</summary>
    public static async Task<LocalCluster> StandAsync(int nodes, double pause = 20, bool isThrottled = false)
    {
        var workers = new List<ClusterNode>();
        for (var i = 0; i <= nodes; i++)
        {
            workers.Add(await ClusterNode.JoinAsync(Options(null, pause) with
            {
                FollowsCoordinator = false,
                IsThrottled = isThrottled,
                Roles = i < nodes ? [NodeRoles.Worker, NodeRoles.Coordinator] : [NodeRoles.Coordinator],
                Seeds = i == 0 ? [] : [workers[0].Address],
            }));
        }
        return new LocalCluster(workers[nodes], workers[..nodes]);
    }

    public async Task AddWorkerAsync(Setup? setup = null, double pause = 20, double weight = 1,
        NodeCertificate? certificate = null) =>
        Workers.Add(
            await ClusterNode.JoinAsync(
                Options(setup, pause) with
                {
                    Seeds = [Coordinator.Address],
                    Weight = weight,
                    Certificate = certificate
                }));

    /// <summary>Cuts every connection between two sides, in both directions.</summary>
    public static Task PartitionAsync(IReadOnlyList<ClusterNode> one, IReadOnlyList<ClusterNode> other) =>
        ThrottleAsync(one, other, Blackhole.Instance);

    /// <summary>Undoes it.</summary>
    public static Task HealAsync(IReadOnlyList<ClusterNode> one, IReadOnlyList<ClusterNode> other) =>
        ThrottleAsync(one, other, Unthrottled.Instance);

    private static async Task ThrottleAsync(IReadOnlyList<ClusterNode> one, IReadOnlyList<ClusterNode> other,
        ThrottleMode mode)
    {
        foreach (var (from, to) in one.SelectMany(a => other.SelectMany(b => new[] { (a, b), (b, a) })))
        {
            var provider = (RemoteActorRefProvider)((ExtendedActorSystem)from.System).Provider;
            var cut = new SetThrottle(AkkaCluster.Get(to.System).SelfAddress, ThrottleTransportAdapter.Direction.Both,
                mode);
            Assert.True(await provider.Transport.ManagementCommand(cut));
        }
    }

    /// <summary>What the nodes have counted on the links of runs.</summary>
    public IReadOnlyList<LinkCounters> Traffic() =>
        [.. Workers.Append(Coordinator).SelectMany(n => NodeBook.Of(n.System).Links.Values.SelectMany(read => read()))
            .OrderBy(l => (l.Node, l.Peer))];

    public async ValueTask DisposeAsync()
    {
        // All at once, and the coordinator too: nobody is worth a farewell.
        await Task.WhenAll(Workers.Append(Coordinator).Select(n => n.System.Terminate()));
    }

    // Machines that run tests are busy: a pause is no loss here.
    public static NodeOptions Options(Setup? setup = null, double pause = 20) => new()
    {
        FollowsCoordinator = true,
        JoinTimeout = TimeSpan.FromSeconds(90),
        AcceptablePause = TimeSpan.FromSeconds(pause),
        Threads = 2,
        Setup = setup,
    };
}
