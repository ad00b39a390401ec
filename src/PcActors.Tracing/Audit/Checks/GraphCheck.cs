using PcActors.Graphs;
using PcActors.Learning.Protocol;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit.Checks;

/// <summary>The header describes a graph that agrees with itself: what is said of a vertex
/// follows from the edges.</summary>
internal sealed class GraphCheck(AuditGraph graph)
    : Check("graph",
        "the header describes an acyclic graph with one root, and what it says of vertices follows from its edges",
        graph)
{
    public override void Begin()
    {
        for (var v = 0; v < Graph.Vertices.Count; v++)
        {
            CheckPlace(v, Graph.Vertices[v]);
            CheckErrors(v, Graph.Vertices[v]);
        }
    }

    private void CheckPlace(int v, TraceVertex vertex)
    {
        var (inputs, consumers) = (Graph.Inputs(v), Graph.Consumers(v));
        if (Graph.Levels[v] < 0) Violate($"{Graph.Name(v)} lies on a cycle, or before one");
        if ((v == Graph.Root) != (consumers.Length == 0))
            Violate(
                v == Graph.Root
                    ? $"the root, {Graph.Name(v)}, has a consumer"
                    : $"{Graph.Name(v)} has no consumer, and is not the root");
        if ((vertex.Kind == VertexKind.Function) != (inputs.Length > 0))
            Violate(
                inputs.Length > 0
                    ? $"the leaf {Graph.Name(v)} has inputs"
                    : $"the function {Graph.Name(v)} has no inputs");
        var slots = inputs.Select(e => Graph.Edges[e].Slot).Order();
        if (!slots.SequenceEqual(Enumerable.Range(0, inputs.Length)))
            Violate($"the inputs of {Graph.Name(v)} do not lie in the slots 0 to {inputs.Length - 1}, one in each");
        if (vertex.DependsOnData != Graph.DependsOnData[v])
            Violate(
                $"{Graph.Name(v)} is said {(vertex.DependsOnData ? "" : "not ")}to depend on data, and by the edges "
                + $"it does{(vertex.DependsOnData ? " not" : "")}");
    }

    // An error comes from the root, and goes on towards a parameter that learns.
    private void CheckErrors(int v, TraceVertex vertex)
    {
        var comes = v == Graph.Root || Array.Exists(Graph.Consumers(v), e => Graph.Edges[e].CarriesError);
        var goes = vertex.Kind switch
        {
            VertexKind.Data => false,
            VertexKind.Parameter => vertex.Trainable,
            _ => Array.Exists(Graph.Inputs(v), e => Graph.Edges[e].CarriesError),
        };
        if (vertex.RequiresError && !comes) Violate($"an error has to reach {Graph.Name(v)}, and no edge brings one");
        if (vertex.RequiresError && !goes) Violate($"an error reaches {Graph.Name(v)}, and leads nowhere");
        if (!vertex.RequiresError && (goes || v != Graph.Root) && comes && vertex.Kind != VertexKind.Function)
            Violate($"no error has to reach {Graph.Name(v)}, and an edge brings one");
        if (!vertex.RequiresError && vertex.Kind == VertexKind.Function && (goes || (comes && v != Graph.Root)))
            Violate($"no error has to reach {Graph.Name(v)}, and an edge carries one to it or on from it");
    }
}

/// <summary>Levels are what the edges say, and what the times of errors say.</summary>
internal sealed class LevelCheck(AuditGraph graph, AuditRule rule) : Check(
    "levels",
    "levels follow from the edges; along Z-IL's wave every edge that carries errors spans one, and the messages' "
    + "times give the same levels", graph)
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
        }
        if (!rule.RestsBehindWave) return;
        for (var e = 0; e < Graph.Edges.Count; e++)
        {
            var edge = Graph.Edges[e];
            if (edge.CarriesError && Graph.Levels[edge.From] != Graph.Levels[edge.To] + 1)
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
            + $"{message.Record.Time} contradicts the times of others: a vertex has one level");
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
        }
    }
}

/// <summary>Vertices' levels from the times of errors alone: along Z-IL's wave an error acts at its
/// receiver's level, and its sender was at its own one timestep before. No edge and no header is read.</summary>
internal sealed class LevelsFromTimes
{
    private readonly int[] _levels;

    /// <summary>Nothing known yet.</summary>
    /// <param name="vertices">How many vertices there are.</param>
    public LevelsFromTimes(int vertices)
    {
        _levels = new int[vertices];
        Array.Fill(_levels, -1);
    }

    /// <summary>The level of a vertex that has sent or taken an error; null for any other.</summary>
    public int? this[int vertex] => _levels[vertex] < 0 ? null : _levels[vertex];

    /// <summary>Takes a record into account; those that are no errors between vertices say nothing.</summary>
    /// <returns>Whether it agrees with the records before it.</returns>
    public bool See(TraceRecord record) =>
        record.Kind != MessageKind.Error.Name || record.Time is not { } time
            || (Agrees(record.To, time) & Agrees(record.From, time - 1));

    private bool Agrees(int vertex, int level)
    {
        if ((uint)vertex >= (uint)_levels.Length) return true;
        if (_levels[vertex] < 0) _levels[vertex] = level;
        return _levels[vertex] == level;
    }
}
