namespace PcActors.Tracing.Audit.Checks;

/// <summary>Values and errors run along edges of the graph: a value to the consumer, an error to the input.</summary>
internal sealed class EdgeCheck(AuditGraph graph)
    : Check("edges", "every value and error runs along an edge of the graph, values to the consumer and errors to the input", graph)
{
    public override void See(in Passing passing)
    {
        if (!passing.IsBetweenVertices || passing.Record.To == TraceRecord.Coordinator) return;
        var (record, isValue) = (passing.Record, passing.Traffic == Traffic.Value);
        if (passing.Edge < 0)
        {
            Violate(passing, $"{Graph.Name(record.To)} was sent {Noun(isValue)} along edge {record.Edge}, which the graph does not have");
            return;
        }
        var edge = Graph.Edges[passing.Edge];
        var (receiver, sender) = isValue ? (edge.To, edge.From) : (edge.From, edge.To);
        if (record.To == sender && record.From == receiver)
            Violate(passing, $"{Noun(isValue)} ran against its direction along {Graph.Describe(passing.Edge)}");
        else if (record.To != receiver)
            Violate(passing, $"{Graph.Name(record.To)} was sent {Noun(isValue)} along {Graph.Describe(passing.Edge)}, at whose end it is not");
        else if (!isValue && !edge.CarriesError)
            Violate(passing, $"an error ran along {Graph.Describe(passing.Edge)}, which carries none");
    }

    private static string Noun(bool isValue) => isValue ? "a value" : "an error";
}
