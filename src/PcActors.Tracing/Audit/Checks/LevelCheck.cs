using PcActors.Learning.Protocol;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit.Checks;

/// <summary>Levels are what the edges say, and what the times of errors say.</summary>
internal sealed class LevelCheck(AuditGraph graph, AuditRule rule) : Check(
    "levels",
    "levels follow from the edges; along Z-IL's wave every edge that carries errors spans one, or as many as the "
    + "identity that it comes from delays them, and the messages' times give the same levels", graph)
{
    private readonly LevelsFromTimes _fromTimes = new(graph.Vertices.Count);

    public override void Begin()
    {
        for (var v = 0; v < Graph.Vertices.Count; v++)
        {
            if (Graph.Vertices[v].Level != Graph.Levels[v])
                Violate(
                    $"{Graph.Name(v)} is said to be at level {Graph.Vertices[v].Level}; by the edges it is at "
                    + $"{Graph.Levels[v]}");
            if (Graph.Vertices[v] is { Span: not 1 } vertex && !CanDelay(v, vertex))
                Violate(
                    $"{Graph.Name(v)} is said to delay errors by {vertex.Span} levels; only what levelling has "
                    + "inserted delays them by more than 1");
        }
        for (var e = 0; e < Graph.Edges.Count; e++)
        {
            var edge = Graph.Edges[e];
            var before = (long)Graph.Levels[edge.To] + Graph.Vertices[edge.From].Span;
            if (before > int.MaxValue && !edge.IsRecurrent)
                Violate($"{Graph.Describe(e)} would lead to level {before}; levels end at {int.MaxValue}",
                    edge: edge.Number);
            if (rule.RestsBehindWave && edge.CarriesError && Graph.Levels[edge.From] != before)
                Violate(
                    $"{Graph.Describe(e)} carries errors from level {Graph.Levels[edge.To]} to level "
                    + $"{Graph.Levels[edge.From]}", edge: edge.Number);
        }
    }

    public override void See(in AuditedMessage message)
    {
        if (!rule.RestsBehindWave || message.Kind != MessageKind.Error || _fromTimes.See(message.Record)) return;
        Violate(message,
            $"the error from {Graph.Name(message.Record.From)} to {Graph.Name(message.Record.To)} at time "
            + $"{message.Record.Time} contradicts the times of others: a vertex has one level, and takes errors "
            + "at one time");
    }

    public override void End()
    {
        if (!rule.RestsBehindWave) return;
        for (var v = 0; v < Graph.Vertices.Count; v++)
        {
            if (_fromTimes[v] is { } level && level != Graph.Levels[v])
                Violate(
                    $"by its messages' times {Graph.Name(v)} is at level {level}; by the edges it is at "
                    + $"{Graph.Levels[v]}");
            var wanted = (long)Graph.Levels[v] - Graph.Vertices[v].Span + 1;
            if (_fromTimes.Taken(v) is { } taken && taken != wanted)
                Violate(
                    $"{Graph.Name(v)} takes errors at time {taken}; at level {Graph.Levels[v]}, delaying them by "
                    + $"{Graph.Vertices[v].Span}, it has to at time {wanted}");
        }
    }

    private bool CanDelay(int v, TraceVertex vertex) => vertex.Span > 1
        && vertex is { IsIdentity: true, Operator: "Identity" } && Graph.Inputs(v).Length == 1;
}

/// <summary>Vertices' levels from the times of errors alone: along Z-IL's wave a vertex sends its errors at its level,
/// which act one timestep later, and takes those of its consumers at one time: at its level, or before, when it is an
/// identity that delays them. No edge and no header is read.</summary>
internal sealed class LevelsFromTimes
{
    private readonly int[] _sent;
    private readonly int[] _taken;

    /// <summary>Nothing known yet.</summary>
    /// <param name="vertices">How many vertices there are.</param>
    public LevelsFromTimes(int vertices)
    {
        (_sent, _taken) = (new int[vertices], new int[vertices]);
        Array.Fill(_sent, -1);
        Array.Fill(_taken, -1);
    }

    /// <summary>The level of a vertex that has sent or taken an error; null for any other.</summary>
    public int? this[int vertex] =>
        _sent[vertex] >= 0 ? _sent[vertex] : _taken[vertex] >= 0 ? _taken[vertex] : null;

    /// <summary>When a vertex takes errors; null for one that has taken none.</summary>
    public int? Taken(int vertex) => _taken[vertex] >= 0 ? _taken[vertex] : null;

    /// <summary>Takes a record into account; those that are no errors between vertices say nothing.</summary>
    /// <returns>Whether it agrees with the records before it.</returns>
    public bool See(TraceRecord record) =>
        record.Kind != MessageKind.Error.Name || record.Time is not { } time
            || (Agrees(_taken, record.To, time) & Agrees(_sent, record.From, time - 1)
                & IsInOrder(record.To) & IsInOrder(record.From));

    private static bool Agrees(int[] times, int vertex, int time)
    {
        if ((uint)vertex >= (uint)times.Length) return true;
        if (times[vertex] < 0) times[vertex] = time;
        return times[vertex] == time;
    }

    private bool IsInOrder(int vertex) =>
        (uint)vertex >= (uint)_sent.Length || _sent[vertex] < 0 || _taken[vertex] <= _sent[vertex];
}
