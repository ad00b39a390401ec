using PcActors.Learning.Instruments;
using PcActors.Tracing.Format;


namespace PcActors.Tracing.Audit;

/// <summary>How many messages must pass between vertices, in closed form, from a trace's header alone. The formula is
/// <see cref="MessageForecast"/>'s, taken from the edges anew.</summary>
internal static class TraceForecast
{
    /// <summary>The forecast for the graph that a header describes.</summary>
    /// <exception cref="ArgumentException">The header describes no graph.</exception>
    public static MessageForecast Of(TraceHeader header)
    {
        var graph = new AuditGraph(header);
        return Of(graph, AuditRule.Of(header, graph), header.MicroBatches);
    }

    internal static MessageForecast Of(AuditGraph graph, AuditRule rule, int microBatches)
    {
        long values = 0, errors = 0, moved = 0;
        foreach (var edge in graph.Edges)
        {
            values += graph.DependsOnData[edge.From] ? microBatches : 1;
            if (edge.CarriesError) errors += microBatches;
            if (graph.Moves(edge.From)) moved += microBatches;
        }
        return rule.RestsBehindWave
            ? new MessageForecast(values, errors, values)
            : new MessageForecast(values + (moved * (rule.Timesteps - 1)), errors * rule.Timesteps, values);
    }
}
