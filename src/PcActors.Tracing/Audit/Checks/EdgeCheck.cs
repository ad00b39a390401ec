using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit.Checks;

/// <summary>Values and errors run along edges of the graph: a value to the consumer, an error to the input.</summary>
internal sealed class EdgeCheck(AuditGraph graph)
    : Check("edges", "every value and error runs along an edge of the graph, values to the consumer and errors to the input", graph)
{
    public override void See(in AuditedMessage message)
    {
        if (!message.IsBetweenVertices || message.Record.To == TraceRecord.Coordinator) return;
        var (record, isValue) = (message.Record, message.Kind == MessageKind.Value);
        if (message.Edge < 0)
        {
            Violate(message, $"{Graph.Name(record.To)} was sent {Noun(isValue)} along edge {record.Edge}, which the graph does not have");
            return;
        }
        var edge = Graph.Edges[message.Edge];
        var (receiver, sender) = isValue ? (edge.To, edge.From) : (edge.From, edge.To);
        if (record.To == sender && record.From == receiver)
            Violate(message, $"{Noun(isValue)} ran against its direction along {Graph.Describe(message.Edge)}");
        else if (record.To != receiver)
            Violate(message, $"{Graph.Name(record.To)} was sent {Noun(isValue)} along {Graph.Describe(message.Edge)}, at whose end it is not");
        else if (!isValue && !edge.CarriesError)
            Violate(message, $"an error ran along {Graph.Describe(message.Edge)}, which carries none");
    }

    private static string Noun(bool isValue) => isValue ? "a value" : "an error";
}
