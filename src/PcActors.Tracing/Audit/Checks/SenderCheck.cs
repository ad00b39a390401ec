namespace PcActors.Tracing.Audit.Checks;

/// <summary>The sender that the mailbox saw is the one from whom such a message comes.</summary>
internal sealed class SenderCheck(AuditGraph graph)
    : Check("senders", "every value and error comes from the vertex at the edge's other end, control messages from the coordinator, reports from the vertex that they name", graph)
{
    public override void See(in Passing passing)
    {
        var record = passing.Record;
        switch (passing.Traffic)
        {
            case Traffic.Value or Traffic.Error:
                if (passing.Edge < 0) return; // There is no such edge: another check says so.
                var edge = Graph.Edges[passing.Edge];
                var sender = passing.Traffic == Traffic.Value ? edge.From : edge.To;
                // A message that runs backwards has the right two ends.
                if (record.From == sender || (record.From == (sender == edge.From ? edge.To : edge.From) && record.To == sender)) return;
                Violate(passing, $"{Graph.Name(record.From, record.Sender)} sent {Graph.Name(record.To)} what comes from {Graph.Name(sender)} along {Graph.Describe(passing.Edge)}");
                return;
            case Traffic.Connect or Traffic.Housekeeping or Traffic.Unknown:
                return;
            default:
                if (record.To != TraceRecord.Coordinator && record.From != TraceRecord.Coordinator)
                    Violate(passing, $"{Graph.Name(record.From, record.Sender)} sent {Graph.Name(record.To)} a {record.Kind}, which comes from the coordinator alone");
                else if (record.Vertex is { } vertex && vertex != record.From)
                    Violate(passing, $"{Graph.Name(record.From, record.Sender)} sent the {record.Kind} of {Graph.Name(vertex)}");
                return;
        }
    }
}
