using PcActors.Graphs;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit.Checks;

/// <summary>The header describes a graph that agrees with itself: what is said of a vertex
/// follows from the edges.</summary>
internal sealed class GraphCheck(AuditGraph graph)
    : Check("graph",
        "the header describes a graph with one root, every cycle of which passes through a latent vertex, and what "
        + "it says "
        + "of vertices follows from its edges",
        graph)
{
    public override void Begin()
    {
        for (var v = 0; v < Graph.Vertices.Count; v++)
        {
            CheckPlace(v, Graph.Vertices[v]);
            CheckErrors(v, Graph.Vertices[v]);
        }
        CheckRunning();
        if (Graph.HasCycles) CheckCycles();
    }

    // Without edges from latent vertices there is no cycle: what is computed can be computed in some order.
    private void CheckCycles()
    {
        var waiting = new int[Graph.Vertices.Count];
        var ready = new Stack<int>();
        for (var v = 0; v < waiting.Length; v++)
        {
            waiting[v] = Graph.Inputs(v).Count(e => !Graph.Vertices[Graph.Edges[e].From].IsLatent);
            if (waiting[v] == 0) ready.Push(v);
        }
        while (ready.TryPop(out var vertex))
        {
            if (Graph.Vertices[vertex].IsLatent) continue;
            foreach (var e in Graph.Consumers(vertex))
            {
                if (--waiting[Graph.Edges[e].To] == 0) ready.Push(Graph.Edges[e].To);
            }
        }
        for (var v = 0; v < waiting.Length; v++)
        {
            if (waiting[v] > 0) Violate($"{Graph.Name(v)} lies on a cycle without a latent vertex, or behind one");
        }
    }

    private void CheckPlace(int v, TraceVertex vertex)
    {
        var (inputs, consumers) = (Graph.Inputs(v), Graph.Consumers(v));
        if (vertex.IsLatent && (vertex.Kind != VertexKind.Function || v == Graph.Root))
            Violate($"{Graph.Name(v)} is said to be latent, and is a leaf or the root");
        if (vertex.IsFree && vertex.Kind != VertexKind.Data)
            Violate($"{Graph.Name(v)} is said to be free, and is no data leaf");
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

    private void CheckRunning()
    {
        var found = new RunningStatistics(Graph);
        for (var v = 0; v < Graph.Vertices.Count; v++)
        {
            var (said, wanted) = (Graph.Vertices[v].Running, Graph.IsParameter(v) ? found[v] : null);
            if (said == wanted) continue;
            Violate($"{Graph.Name(v)} is said to be {Describe(said)}, and by the edges is {Describe(wanted)}");
        }

        static string Describe(RunningStatistic? running) => running is { } r
            ? FormattableString.Invariant($"a running statistic of momentum {r.Momentum} and {r.Sources} sources")
            : "no running statistic";
    }

    // An error comes from the root, and goes on towards a parameter that learns.
    private void CheckErrors(int v, TraceVertex vertex)
    {
        var comes = v == Graph.Root || vertex.IsLatent
            || Array.Exists(Graph.Consumers(v), e => Graph.Edges[e].CarriesError);
        var goes = vertex.Kind switch
        {
            VertexKind.Data => vertex.IsFree,
            VertexKind.Parameter => vertex.Trainable || vertex.Running is not null,
            _ => vertex.IsLatent || Array.Exists(Graph.Inputs(v), e => Graph.Edges[e].CarriesError),
        };
        if (vertex.RequiresError && !comes) Violate($"an error has to reach {Graph.Name(v)}, and no edge brings one");
        if (vertex.RequiresError && !goes) Violate($"an error reaches {Graph.Name(v)}, and leads nowhere");
        if (!vertex.RequiresError && (goes || v != Graph.Root) && comes && vertex.Kind != VertexKind.Function)
            Violate($"no error has to reach {Graph.Name(v)}, and an edge brings one");
        if (!vertex.RequiresError && vertex.Kind == VertexKind.Function && (goes || (comes && v != Graph.Root)))
            Violate($"no error has to reach {Graph.Name(v)}, and an edge carries one to it or on from it");
    }
}
