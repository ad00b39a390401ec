using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit.Checks;

/// <summary>The sender that the mailbox saw is the one from whom such a message comes.</summary>
internal sealed class SenderCheck(AuditGraph graph)
    : Check("senders", "every value and error comes from the vertex at the edge's other end, control messages from the coordinator, reports from the vertex that they name", graph)
{
    public override void See(in AuditedMessage message)
    {
        var record = message.Record;
        switch (message.Kind)
        {
            case MessageKind.Value or MessageKind.Error:
                if (message.Edge < 0) return; // There is no such edge: another check says so.
                var edge = Graph.Edges[message.Edge];
                var sender = message.Kind == MessageKind.Value ? edge.From : edge.To;
                // A message that runs backwards has the right two ends.
                if (record.From == sender || (record.From == (sender == edge.From ? edge.To : edge.From) && record.To == sender)) return;
                Violate(message, $"{Graph.Name(record.From, record.Sender)} sent {Graph.Name(record.To)} what comes from {Graph.Name(sender)} along {Graph.Describe(message.Edge)}");
                return;
            case MessageKind.Connect or MessageKind.Housekeeping or MessageKind.Unknown:
                return;
            default:
                if (record.To != TraceRecord.Coordinator && record.From != TraceRecord.Coordinator)
                    Violate(message, $"{Graph.Name(record.From, record.Sender)} sent {Graph.Name(record.To)} a {record.Kind}, which comes from the coordinator alone");
                else if (record.Vertex is { } vertex && vertex != record.From)
                    Violate(message, $"{Graph.Name(record.From, record.Sender)} sent the {record.Kind} of {Graph.Name(vertex)}");
                return;
        }
    }
}
