using Akka.Actor;
using Akka.Cluster;
using PcActors.Cluster.Security;

namespace PcActors.Cluster.Membership;

/// <summary>How a node comes into a cluster.</summary>
internal static class Joining
{
    /// <summary>Joins the first seed that answers, or begins a cluster where there is no other.</summary>
    /// <param name="cluster">The node's membership.</param>
    /// <param name="seeds">Whom to join.</param>
    /// <param name="options">The node.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ClusterException">Nobody answers in time, or the cluster runs another version.</exception>
    public static async Task JoinAsync(
        AkkaCluster cluster, Address[] seeds, NodeOptions options, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(options.JoinTimeout);
        try
        {
            var join = seeds.Length == 0 || seeds is [var only] && only == cluster.SelfAddress
                ? cluster.JoinAsync(cluster.SelfAddress, patience.Token)
                : cluster.JoinSeedNodesAsync(seeds, patience.Token);
            await join.WaitAsync(patience.Token).ConfigureAwait(false);
            // The view of the members follows events, a little behind. A node that is taken for
            // dead as it joins never comes up.
            while (cluster.State.Members.All(
                m => m.UniqueAddress != cluster.SelfUniqueAddress || m.Status != MemberStatus.Up))
                await Task.Delay(20, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ClusterJoinFailedException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            var why = await Task.WhenAll(
                seeds.Select(s => SeedDiagnosis.OfAsync(s.Host, s.Port!.Value, options.Certificate)))
                .ConfigureAwait(false);
            throw new ClusterException(
                $"no cluster could be joined at {string.Join(", ", seeds.Select(s => $"{s.Host}:{s.Port}"))} within "
                + $"{options.JoinTimeout.TotalSeconds:0.#} s{string.Concat(why)}", e);
        }
        RequireVersion(cluster, options.Version);
    }

    private static void RequireVersion(AkkaCluster cluster, string version)
    {
        foreach (var member in cluster.State.Members)
        {
            if (member.AppVersion.Version == version || member.UniqueAddress == cluster.SelfUniqueAddress) continue;
            throw new ClusterException(
                $"the node at {member.Address.Host}:{member.Address.Port} runs version {member.AppVersion.Version}, "
                + $"and this one {version}; the nodes of a cluster must have the same");
        }
    }
}
