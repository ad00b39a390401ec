using PcActors.Learning.Protocol;

namespace PcActors.Tracing.Audit.Checks;

/// <summary>Levels are what the edges say, and what the times of errors say.</summary>
internal sealed class LevelCheck(AuditGraph graph, AuditRule rule) : Check(
    "levels", "levels follow from the edges; along Z-IL's wave every edge that carries errors spans one, and the messages' times give the same levels", graph)
{
    private readonly LevelsFromTimes _fromTimes = new(graph.Vertices.Count);

    public override void Begin()
    {
        for (var v = 0; v < Graph.Vertices.Count; v++)
        {
            if (Graph.Vertices[v].Level != Graph.Levels[v])
                Violate($"{Graph.Name(v)} is said to be at level {Graph.Vertices[v].Level}; by the edges it is at {Graph.Levels[v]}");
        }
        if (!rule.RestsBehindWave) return;
        for (var e = 0; e < Graph.Edges.Count; e++)
        {
            var edge = Graph.Edges[e];
            if (edge.CarriesError && Graph.Levels[edge.From] != Graph.Levels[edge.To] + 1)
                Violate($"{Graph.Describe(e)} carries errors from level {Graph.Levels[edge.To]} to level {Graph.Levels[edge.From]}", edge: edge.Number);
        }
    }

    public override void See(in AuditedMessage message)
    {
        if (!rule.RestsBehindWave || message.Kind != MessageKind.Error || _fromTimes.See(message.Record)) return;
        Violate(message, $"the error from {Graph.Name(message.Record.From)} to {Graph.Name(message.Record.To)} at time {message.Record.Time} contradicts the times of others: a vertex has one level");
    }

    public override void End()
    {
        if (!rule.RestsBehindWave) return;
        for (var v = 0; v < Graph.Vertices.Count; v++)
        {
            if (_fromTimes[v] is { } level && level != Graph.Levels[v])
                Violate($"by its messages' times {Graph.Name(v)} is at level {level}; by the edges it is at {Graph.Levels[v]}");
        }
    }
}
