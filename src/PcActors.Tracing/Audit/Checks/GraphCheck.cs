using PcActors.Graphs;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit.Checks;

/// <summary>The header describes a graph that agrees with itself: what is said of a vertex follows from the edges.</summary>
internal sealed class GraphCheck(AuditGraph graph)
    : Check("graph", "the header describes an acyclic graph with one root, and what it says of vertices follows from its edges", graph)
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
            Violate(v == Graph.Root ? $"the root, {Graph.Name(v)}, has a consumer" : $"{Graph.Name(v)} has no consumer, and is not the root");
        if ((vertex.Kind == VertexKind.Function) != (inputs.Length > 0))
            Violate(inputs.Length > 0 ? $"the leaf {Graph.Name(v)} has inputs" : $"the function {Graph.Name(v)} has no inputs");
        var slots = inputs.Select(e => Graph.Edges[e].Slot).Order();
        if (!slots.SequenceEqual(Enumerable.Range(0, inputs.Length)))
            Violate($"the inputs of {Graph.Name(v)} do not lie in the slots 0 to {inputs.Length - 1}, one in each");
        if (vertex.DependsOnData != Graph.DependsOnData[v])
            Violate($"{Graph.Name(v)} is said {(vertex.DependsOnData ? "" : "not ")}to depend on data, and by the edges it does{(vertex.DependsOnData ? " not" : "")}");
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
