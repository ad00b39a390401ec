namespace PcActors.Cluster;

/// <summary>How a cluster is, as its nodes tell.</summary>
/// <param name="Members">Its nodes, the oldest first.</param>
/// <param name="Runs">What the coordinator takes care of.</param>
public sealed record ClusterStatus(IReadOnlyList<NodeStatus> Members, IReadOnlyList<RunStatus> Runs);

/// <summary>One node of a cluster.</summary>
/// <param name="Address">HOST:PORT.</param>
/// <param name="Roles">Some of <see cref="NodeRoles"/>.</param>
/// <param name="Status">Its membership, in Akka's words: Joining, Up, Leaving, Exiting, Down, Removed.</param>
/// <param name="Version">The version that it runs.</param>
/// <param name="IsReachable">Whether the others hear from it.</param>
/// <param name="IsCoordinator">Whether it has the coordinator.</param>
/// <param name="Parts">Its parts of runs; null when it has not answered.</param>
public sealed record NodeStatus(
    string Address, IReadOnlyList<string> Roles, string Status, string Version, bool IsReachable, bool IsCoordinator, IReadOnlyList<PartStatus>? Parts);

/// <summary>A node's part of a run.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Epoch">Which coordinator placed it, and its how manieth placing it is, such as 1.2.</param>
/// <param name="Vertices">Vertices here.</param>
/// <param name="Sent">What it has sent to other parts, and to the coordinator.</param>
/// <param name="Received">What it has received from them.</param>
public sealed record PartStatus(string Run, string Epoch, int Vertices, LinkTraffic Sent, LinkTraffic Received);

/// <summary>A run.</summary>
/// <param name="Run">Its name.</param>
/// <param name="Model">What people call its model.</param>
/// <param name="Client">HOST:PORT of the node that it is run from.</param>
/// <param name="Epoch">Which coordinator placed it, and its how manieth placing it is, such as 1.2.</param>
/// <param name="Nodes">Workers that it is on; 0 while it waits for some.</param>
/// <param name="Step">Training steps so far.</param>
public sealed record RunStatus(string Run, string Model, string Client, string Epoch, int Nodes, long Step);
