namespace PcActors.Cluster;

/// <summary>What has gone over a link in one direction, since the graph was last placed.</summary>
/// <param name="Messages">Messages between vertices: values and errors.</param>
/// <param name="PayloadBytes">Bytes of their tensors' elements, which is what the closed form of a placement counts.</param>
/// <param name="Packets">Packets, each counted once however often it was sent.</param>
/// <param name="Bytes">Bytes of these packets, with all that is around tensors, control messages too.</param>
public readonly record struct LinkTraffic(long Messages, long PayloadBytes, long Packets, long Bytes);

/// <summary>What one node has counted at its end of the link to another one.</summary>
/// <param name="Node">The node that counts, by its place in the run: 0 is the coordinator's, workers follow.</param>
/// <param name="Peer">The node at the other end.</param>
/// <param name="Sent">From here to there.</param>
/// <param name="Received">From there to here.</param>
/// <param name="Resent">Packets that were sent again, because they were lost or seemed to be.</param>
/// <param name="Repeated">Packets that came more than once.</param>
public sealed record LinkCounters(int Node, int Peer, LinkTraffic Sent, LinkTraffic Received, long Resent, long Repeated);
