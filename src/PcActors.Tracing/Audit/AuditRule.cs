using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit;

/// <summary>What of the learning rule decides which messages there are.</summary>
/// <param name="RestsBehindWave">Whether a vertex acts only when the wave passes it.</param>
/// <param name="LearnsAtLevel">Whether a parameter learns from the errors of its level's time.</param>
/// <param name="IsLockstep">Whether the coordinator says when a timestep has come.</param>
/// <param name="Timesteps">Under the full dynamics, how many timesteps there are, t = 0 included; otherwise 0.</param>
internal sealed record AuditRule(bool RestsBehindWave, bool LearnsAtLevel, bool IsLockstep, int Timesteps)
{
    /// <summary>What a header says of it.</summary>
    public static AuditRule Of(TraceHeader header, AuditGraph graph)
    {
        var (rule, options) = (header.Rule, header.VertexOptions);
        var learning = Enumerable.Range(0, graph.Vertices.Count).Where(graph.Learns).Select(v => graph.Levels[v]);
        var timesteps = rule.RestsBehindWave ? 0
            : rule.LearnsAtLevel ? learning.DefaultIfEmpty(0).Max()
            : options.InferenceSteps + 1;
        return new AuditRule(rule.RestsBehindWave, rule.LearnsAtLevel, header.Clock == Clock.Lockstep, timesteps);
    }

    /// <summary>The time at which errors act on a parameter.</summary>
    public int LearningTime(int level) => LearnsAtLevel ? level : Timesteps;
}

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
