using Akka.Actor.Setup;
using PcActors.Clustering;

namespace PcActors.Tests.Clustering;

/// <summary>A cluster within this process: one node that coordinates, and workers.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private LocalCluster(ClusterNode coordinator, List<ClusterNode> workers) => (Coordinator, Workers) = (coordinator, workers);

    public ClusterNode Coordinator { get; }

    public List<ClusterNode> Workers { get; }

    public static async Task<LocalCluster> StartAsync(int workers, Setup? setup = null, double pause = 20)
    {
        var coordinator = await ClusterNode.JoinAsync(Options(setup, pause) with { Role = NodeRoles.Coordinator });
        var cluster = new LocalCluster(coordinator, []);
        for (var i = 0; i < workers; i++) await cluster.AddWorkerAsync(setup, pause);
        return cluster;
    }

    public async Task AddWorkerAsync(Setup? setup = null, double pause = 20, double weight = 1) =>
        Workers.Add(await ClusterNode.JoinAsync(Options(setup, pause) with { Seeds = [Coordinator.Address], Weight = weight }));

    public async ValueTask DisposeAsync()
    {
        // All at once, and the coordinator too: nobody is worth a farewell.
        await Task.WhenAll(Workers.Append(Coordinator).Select(n => n.System.Terminate()));
    }

    // Machines that run tests are busy: a pause is no loss here.
    private static NodeOptions Options(Setup? setup, double pause) => new()
    {
        FollowsCoordinator = true,
        JoinTimeout = TimeSpan.FromSeconds(90),
        AcceptablePause = TimeSpan.FromSeconds(pause),
        Threads = 2,
        Setup = setup,
    };
}
