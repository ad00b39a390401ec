using Akka.Actor;
using Akka.Configuration;
using PcActors.Cluster.Security;
using PcActors.Cluster.Wire;

namespace PcActors.Cluster.Status;

/// <summary>Asks a cluster how it is, from outside: it becomes no member, and leaves nothing behind.</summary>
internal static class ClusterInquiry
{
    /// <summary>How long one node's part of the answer is waited for, when another node has answered.</summary>
    private static readonly TimeSpan NodePatience = TimeSpan.FromSeconds(5);

    /// <summary>Asks.</summary>
    /// <param name="options">The name under which the cluster's nodes reach this process, the nodes to ask, and how
    /// long an answer is waited for.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ClusterException">Nobody answers.</exception>
    public static async Task<ClusterStatus> AskAsync(NodeOptions options, CancellationToken cancellation = default)
    {
        Address[] seeds = [.. options.Seeds.Select(s => ClusterNode.ParseAddress(s, options))];
        var config = ConfigurationFactory.ParseString("akka.actor.provider = remote")
            .WithFallback(ClusterConfig.For(options));
        var system =
            (ExtendedActorSystem)ClusterNode.StartSystem(options, config);
        try
        {
            var asked = seeds.Select(s => AskAsync(system, PathOn(s), options.JoinTimeout, cancellation)).ToList();
            StatusAnswer? first = null;
            while (first is null && asked.Count > 0)
            {
                var next = await Task.WhenAny(asked).ConfigureAwait(false);
                asked.Remove(next);
                first = await next.ConfigureAwait(false);
            }
            if (first is null)
            {
                var why = await Task.WhenAll(
                    seeds.Select(s => SeedDiagnosis.OfAsync(s.Host, s.Port!.Value, options.Certificate)))
                    .ConfigureAwait(false);
                throw new ClusterException(
                    $"no node answers at {string.Join(", ", options.Seeds)} within "
                    + $"{options.JoinTimeout.TotalSeconds:0.#} s{string.Concat(why)}");
            }
            var places = first.Members.Select(m => PathOn(ClusterNode.ParseAddress(m.Address, options)));
            var answers = await Task.WhenAll(places.Select(p => AskAsync(system, p, NodePatience, cancellation)))
                .ConfigureAwait(false);
            return new ClusterStatus(
                [.. first.Members.Zip(answers, (member, answer) => member with { Parts = answer?.Parts })],
                [.. answers.SelectMany(a => a?.Runs ?? [])]);
        }
        finally
        {
            await system.Terminate().ConfigureAwait(false);
        }
    }

    private static async Task<StatusAnswer?> AskAsync(ExtendedActorSystem system, string path, TimeSpan patience,
        CancellationToken cancellation)
    {
        try
        {
            return await Question.AskAsync<StatusAnswer>(system.Provider.ResolveActorRef(path), new AskStatus(),
                patience, cancellation)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is AskTimeoutException or TaskCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
    }

    private static string PathOn(Address node) => $"{node}/user/{StatusActor.Name}";
}
