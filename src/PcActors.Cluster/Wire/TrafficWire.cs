using PcActors.Cluster.Hosting;

namespace PcActors.Cluster.Wire;

/// <summary>What nodes have counted on their links.</summary>
internal static class TrafficWire
{
    public static IReadOnlyList<WireEntry> Entries { get; } =
    [
        WireEntry.Of<RequestLinkCounters, Schema.Empty>("request-traffic", Schema.Empty.Parser, _ => new(), _ => new()),
        WireEntry.Of<LinkCountersReport, Schema.LinkCountersReport>("traffic", Schema.LinkCountersReport.Parser, Write, Read),
    ];

    /// <summary>What several nodes have counted, node by node.</summary>
    public static IEnumerable<Schema.LinkCountersReport> Write(IReadOnlyList<LinkCounters> links) =>
        links.GroupBy(l => l.Node).Select(g => Write(new LinkCountersReport(g.Key, [.. g])));

    /// <summary>What several nodes have counted, in one list.</summary>
    public static IReadOnlyList<LinkCounters> Read(IEnumerable<Schema.LinkCountersReport> written) => [.. written.SelectMany(w => Read(w).Links)];

    private static Schema.LinkCountersReport Write(LinkCountersReport report)
    {
        var written = new Schema.LinkCountersReport { Node = report.Index };
        foreach (var link in report.Links)
        {
            written.Links.Add(new Schema.LinkCounters
            {
                Peer = link.Peer,
                Sent = Write(link.Sent),
                Received = Write(link.Received),
                Resent = link.Resent,
                Repeated = link.Repeated,
            });
        }
        return written;
    }

    private static LinkCountersReport Read(Schema.LinkCountersReport written) => new(
        written.Node,
        [.. written.Links.Select(l => new LinkCounters(written.Node, l.Peer, Read(l.Sent), Read(l.Received), l.Resent, l.Repeated))]);

    /// <summary>One direction.</summary>
    public static Schema.LinkTraffic Write(LinkTraffic traffic) => new()
    {
        Messages = traffic.Messages,
        PayloadBytes = traffic.PayloadBytes,
        Packets = traffic.Packets,
        Bytes = traffic.Bytes,
    };

    /// <summary>One direction.</summary>
    public static LinkTraffic Read(Schema.LinkTraffic? written) =>
        written is null ? default : new(written.Messages, written.PayloadBytes, written.Packets, written.Bytes);
}
