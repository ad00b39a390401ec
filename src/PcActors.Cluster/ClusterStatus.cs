namespace PcActors.Cluster;

/// <summary>How a cluster is, as its nodes tell.</summary>
/// <param name="Members">Its nodes, the oldest first.</param>
/// <param name="Runs">What the coordinator takes care of.</param>
internal sealed record ClusterStatus(IReadOnlyList<NodeStatus> Members, IReadOnlyList<RunStatus> Runs);

/// <summary>One node of a cluster.</summary>
/// <param name="Address">HOST:PORT.</param>
/// <param name="Roles">Some of <see cref="NodeRoles"/>.</param>
/// <param name="Status">Its membership, in Akka's words: Joining, Up, Leaving, Exiting, Down, Removed.</param>
/// <param name="Version">The version that it runs.</param>
/// <param name="IsReachable">Whether the others hear from it.</param>
/// <param name="IsCoordinator">Whether it has the coordinator.</param>
/// <param name="Parts">Its parts of runs; null when it has not answered.</param>
internal sealed record NodeStatus(
    string Address, IReadOnlyList<string> Roles, string Status, string Version, bool IsReachable, bool IsCoordinator,
    IReadOnlyList<PartStatus>? Parts = null);

/// <summary>A node's part of a run.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Term">Which of the run's coordinators placed its graph, and which of its placings it is: 1.2 is the
/// first one's second.</param>
/// <param name="Vertices">Vertices here.</param>
/// <param name="Sent">What it has sent to other parts, and to the coordinator.</param>
/// <param name="Received">What it has received from them.</param>
internal sealed record PartStatus(string Run, string Term, int Vertices, LinkTraffic Sent, LinkTraffic Received);

/// <summary>A run.</summary>
/// <param name="Run">Its name.</param>
/// <param name="Model">What people call its model.</param>
/// <param name="Client">HOST:PORT of the node that it is run from.</param>
/// <param name="Term">Which of the run's coordinators placed its graph, and which of its placings it is: 1.2 is the
/// first one's second.</param>
/// <param name="Nodes">Workers that it is on; 0 while it waits for some.</param>
/// <param name="Step">Training steps so far.</param>
internal sealed record RunStatus(string Run, string Model, string Client, string Term, int Nodes, long Step);

/// <summary>What has gone over a link in one direction, since the graph was last placed.</summary>
/// <param name="Messages">Messages between vertices: values and errors.</param>
/// <param name="PayloadBytes">Bytes of their tensors' elements, which is what the closed form
/// of a placement counts.</param>
/// <param name="Packets">Packets, each counted once however often it was sent.</param>
/// <param name="Bytes">Bytes of these packets, with all that is around tensors, control messages too.</param>
internal readonly record struct LinkTraffic(long Messages, long PayloadBytes, long Packets, long Bytes);
