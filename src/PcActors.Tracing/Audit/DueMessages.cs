using PcActors.Learning.Protocol;

namespace PcActors.Tracing.Audit;

/// <summary>Which messages there must be between vertices in an attempt, from the edges, and from what the coordinator
/// said that each timestep is for.</summary>
/// <remarks>The formulas are those of <see cref="Learning.Instruments.MessageForecast"/>, taken from the edges
/// anew.</remarks>
internal sealed class DueMessages(AuditGraph graph, AuditRule rule, Timetable table)
{
    /// <summary>The rule.</summary>
    public AuditRule Rule => rule;

    /// <summary>Timesteps that the attempt had: the last one and 1.</summary>
    public int Timesteps => table.Timesteps;

    /// <summary>Whether values are as they were a timestep before: a rule that sweeps learns
    /// from its last sweep.</summary>
    public bool IsStill(int time) => rule.Sweeps && table[time] == TimestepPurpose.Learn;

    /// <summary>Whether the vertex's value goes out at a time.</summary>
    public bool SendsValue(int vertex, int time)
    {
        if (time == 0) return true;
        if (table[time] is null) return IsAhead(vertex, time);
        if (IsStill(time)) return false;
        if (graph.Moves[vertex]) return true;
        if (!rule.LearnsEveryTimestep || !graph.PassesToLearning[vertex]) return false;
        // A parameter has learnt for the first time after the first timestep in which it does.
        return table[time - 1] is { } before && (before & TimestepPurpose.Learn) != 0;
    }

    // A parameter that learns at every timestep does not know that inference ends early: its value for the next one is
    // on its way.
    private bool IsAhead(int vertex, int time) => rule.LearnsEveryTimestep && graph.Learns(vertex)
        && time == Timesteps && time < rule.Timesteps
        && table[time - 1] is { } before && (before & TimestepPurpose.Learn) != 0;

    /// <summary>Whether values of micro-batches differ by then.</summary>
    public bool Varies(int vertex, int time) =>
        graph.DependsOnData[vertex] || (graph.Moves[vertex] && (time > 0 || table.Infers));

    /// <summary>Whether an error goes back along an edge that acts at a time.</summary>
    public bool SendsError(int edge, int time)
    {
        if (!graph.Edges[edge].CarriesError || table[time - 1] is not { } purpose) return false;
        var from = graph.Edges[edge].From;
        return ((purpose & TimestepPurpose.Infer) != 0 && graph.Infers[from])
            || ((purpose & TimestepPurpose.Learn) != 0 && graph.PassesToLearning[from]);
    }

    /// <summary>Whether a vertex has a part in a timestep.</summary>
    public bool Acts(int vertex, int time) => table[time] is { } purpose
        && ((purpose & TimestepPurpose.Learn) != 0 || rule.LearnsEveryTimestep
            ? graph.Acts(vertex) : graph.ActsInInference(vertex));

    /// <summary>Whether a vertex moves at a time: by errors of the timestep before.</summary>
    public bool MovesBy(int vertex, int time) =>
        (graph.Vertices[vertex].IsLatent || graph.Vertices[vertex].IsFree)
            && table[time - 1] is { } before && (before & TimestepPurpose.Infer) != 0
            && (table[time] & TimestepPurpose.Initialise) == 0;

    /// <summary>Whether a vertex passes on at a time what its consumers pull back then.</summary>
    public bool PassesOn(int vertex, int time) => vertex != graph.Root
        && (graph.IsDirect(vertex) || (rule.Sweeps && (table[time] & TimestepPurpose.Infer) != 0));

    /// <summary>How many there are where values rest: one an edge for each micro-batch, or one for all.</summary>
    public static (long Values, long Errors) AtRest(AuditGraph graph, int microBatches)
    {
        long values = 0, errors = 0;
        foreach (var edge in graph.Edges)
        {
            values += graph.DependsOnData[edge.From] ? microBatches : 1;
            if (edge.CarriesError) errors += microBatches;
        }
        return (values, errors);
    }

    /// <summary>How many there are.</summary>
    public (long Values, long Errors) Count()
    {
        long values = 0, errors = 0;
        for (var e = 0; e < graph.Edges.Count; e++)
        {
            var from = graph.Edges[e].From;
            for (var time = 0; time <= Timesteps; time++)
            {
                if (SendsValue(from, time)) values += Varies(from, time) ? table.MicroBatches : 1;
                if (SendsError(e, time + 1)) errors += table.MicroBatches;
            }
        }
        return (values, errors);
    }
}
