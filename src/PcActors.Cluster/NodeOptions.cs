using System.Net;
using Akka.Actor.Setup;
using Microsoft.Extensions.Logging;
using PcActors.Cluster.Security;

namespace PcActors.Cluster;

/// <summary>A node of a cluster.</summary>
public sealed record NodeOptions
{
    /// <summary>The name or address under which other nodes reach it.</summary>
    public string Hostname { get; init; } = "127.0.0.1";

    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLoopback =>
        Hostname.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(Hostname, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Its port; 0 for any that is free.</summary>
    public int Port { get; init; }

    /// <summary>Nodes to join, HOST:PORT; with none, the node begins a cluster of its own.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>Some of <see cref="NodeRoles"/>, at least one.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [NodeRoles.Worker];

    /// <summary>Its capacity, relative to that of other nodes: positive and finite.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Threads on which vertices run; 0 for as many as there are processors.</summary>
    public int Threads { get; init; }

    /// <summary>Whether the cluster lives for one coordinator: where that is, the cluster is, and without
    /// it every node ends.</summary>
    public bool FollowsCoordinator { get; init; }

    /// <summary>How long an answer from the seeds is waited for.</summary>
    public TimeSpan JoinTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Silence after which a node counts as unreachable, beyond the usual half a second
    /// between heartbeats.</summary>
    public TimeSpan AcceptablePause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the nodes' view of each other must be stable before unreachable ones are removed.</summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The version that the node says it has.</summary>
    public string Version { get; init; } = ClusterNode.ThisVersion;

    /// <summary>Where it logs what happens to it and what its peers do; null for nowhere, at no cost.</summary>
    public ILoggerFactory? Logs { get; init; }

    /// <summary>The certificate that all nodes of the cluster have; null for connections that
    /// anybody can read and make.</summary>
    public NodeCertificate? Certificate { get; init; }

    /// <summary>Whether its connections can be cut on purpose, by Akka's throttle adapter. For tests; all
    /// nodes must be alike.</summary>
    internal bool IsThrottled { get; init; }

    /// <summary>Refuses seeds that cannot be.</summary>
    /// <exception cref="ClusterException">One is no HOST:PORT.</exception>
    public void RequireSeeds()
    {
        foreach (var seed in Seeds) ClusterNode.ParseAddress(seed, this);
    }

    /// <summary>Further set-up of the actor system.</summary>
    internal Setup? Setup { get; init; }
}
