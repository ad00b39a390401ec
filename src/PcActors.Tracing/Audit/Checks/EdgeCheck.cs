using PcActors.Learning.Protocol;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit.Checks;

/// <summary>Values and errors run along edges of the graph: a value to the consumer, an error to the input.</summary>
internal sealed class EdgeCheck(AuditGraph graph)
    : Check("edges",
        "every value and error runs along an edge of the graph, values to the consumer and errors to the input", graph)
{
    public override void See(in AuditedMessage message)
    {
        if (!message.IsBetweenVertices || message.Record.To == TraceRecord.Coordinator) return;
        var (record, isValue) = (message.Record, message.Kind == MessageKind.Value);
        if (message.Edge < 0)
        {
            Violate(message,
                $"{Graph.Name(record.To)} was sent {Noun(isValue)} along edge {record.Edge}, which the graph does "
                + "not have");
            return;
        }
        var edge = Graph.Edges[message.Edge];
        var (receiver, sender) = isValue ? (edge.To, edge.From) : (edge.From, edge.To);
        if (record.To == sender && record.From == receiver)
            Violate(message, $"{Noun(isValue)} ran against its direction along {Graph.Describe(message.Edge)}");
        else if (record.To != receiver)
            Violate(message,
                $"{Graph.Name(record.To)} was sent {Noun(isValue)} along {Graph.Describe(message.Edge)}, at whose "
                + "end it is not");
        else if (!isValue && !edge.CarriesError)
            Violate(message, $"an error ran along {Graph.Describe(message.Edge)}, which carries none");
    }

    private static string Noun(bool isValue) => isValue ? "a value" : "an error";
}

/// <summary>The sender that the mailbox saw is the one from whom such a message comes.</summary>
internal sealed class SenderCheck(AuditGraph graph)
    : Check("senders",
        "every value and error comes from the vertex at the edge's other end, control messages from the coordinator, "
        + "reports from the vertex that they name", graph)
{
    public override void See(in AuditedMessage message)
    {
        var record = message.Record;
        switch (message.Kind?.Route)
        {
            case MessageRoute.BetweenVertices when message.Edge
                >= 0: // If there is no such edge, another check says so.
                var edge = Graph.Edges[message.Edge];
                var (sender, receiver) = message.Kind == MessageKind.Value
                    ? (edge.From, edge.To)
                    : (edge.To, edge.From);
                // A message that runs backwards has the right two ends.
                if (record.From == sender || (record.From == receiver && record.To == sender)) return;
                Violate(message,
                    $"{Graph.Name(record.From, record.Sender)} sent {Graph.Name(record.To)} what comes from "
                    + $"{Graph.Name(sender)} along {Graph.Describe(message.Edge)}");
                return;
            case MessageRoute.ToVertex or MessageRoute.FromVertex:
                if (record.To != TraceRecord.Coordinator && record.From != TraceRecord.Coordinator)
                    Violate(message,
                        $"{Graph.Name(record.From, record.Sender)} sent {Graph.Name(record.To)} a {record.Kind}, "
                        + "which comes from the coordinator alone");
                else if (record.Vertex is { } vertex && vertex != record.From)
                    Violate(message,
                        $"{Graph.Name(record.From, record.Sender)} sent the {record.Kind} of {Graph.Name(vertex)}");
                return;
        }
    }
}
