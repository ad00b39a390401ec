using System.Numerics;
using PcActors.Cluster.Wire;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Tensors;

namespace PcActors.Cluster.Coordination;

/// <summary>A run as its client describes it, message by message, and the graph that comes out:
/// the same ids, edge numbers and canonical order as the client's. Plain, without actors.</summary>
internal sealed class RunPlan<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dictionary<int, RunVertex<T>> _vertices = [];

    /// <summary>What there is to be done; null before it has come.</summary>
    public RunTerms? Terms { get; private set; }

    /// <summary>Whether all has come.</summary>
    public bool IsComplete => Terms is { } terms && _vertices.Count == terms.Vertices;

    /// <summary>Takes the terms.</summary>
    public void Add(RunTerms terms) => Terms = terms;

    /// <summary>Takes a vertex.</summary>
    public void Add(RunVertex<T> vertex) => _vertices[vertex.Vertex.Id] = vertex;

    /// <summary>The messages that describe a run's graph.</summary>
    /// <param name="graph">The graph as it runs.</param>
    /// <param name="states">What parameters go on from, by id; those that are not among them start with
    /// their initial values.</param>
    public static IEnumerable<RunVertex<T>> Describe(Graph<T> graph,
        IReadOnlyDictionary<int, ParameterSnapshot<T>> states) =>
        graph.Vertices.Select(v => states.TryGetValue(v.Id, out var state)
            ? new RunVertex<T>(v with { Initial = null }, graph.Inputs(v.Id), state)
            : new RunVertex<T>(v, graph.Inputs(v.Id), null));

    /// <summary>What parameters go on from that do not start with their initial values.</summary>
    public IReadOnlyDictionary<int, ParameterSnapshot<T>> States() =>
        _vertices.Values.Where(v => v.State is not null).ToDictionary(v => v.Vertex.Id, v => v.State!);

    /// <summary>The graph.</summary>
    /// <exception cref="WireException">It is none.</exception>
    public Graph<T> Build()
    {
        var vertices = new List<Vertex<T>>(_vertices.Count);
        var edges = new List<Edge>();
        var read = new HashSet<int>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var numbers = new HashSet<int>();
        for (var id = 0; id < _vertices.Count; id++)
        {
            if (!_vertices.TryGetValue(id, out var planned))
                throw new WireException($"a graph of {_vertices.Count} vertices has none with the id {id}");
            if (!names.Add(planned.Vertex.Name))
                throw new WireException($"two vertices are called '{planned.Vertex.Name}'");
            foreach (var edge in planned.Inputs)
            {
                if (edge.From < 0 || edge.From >= _vertices.Count || !numbers.Add(edge.Number))
                    throw new WireException(
                        $"the vertex '{planned.Vertex.Name}' has an edge {edge.Number} from vertex {edge.From}, "
                        + "which cannot be");
                read.Add(edge.From);
            }
            var vertex = planned.Vertex;
            Soundness.RequireFit(
                vertex.Name, vertex.Kind, vertex.Shape, vertex.Initial ?? planned.State?.Value, vertex.Function,
                [.. planned.Inputs.Select(e => ShapeOf(e.From))]);
            vertices.Add(planned.Vertex);
            edges.AddRange(planned.Inputs);
        }
        if (read.Count != vertices.Count - 1)
            throw new WireException($"{vertices.Count - read.Count} vertices have no consumer; one should");
        var graph = new Graph<T>(vertices, edges);
        try
        {
            GraphValidation.RequireHeldCycles(graph);
        }
        catch (GraphException cycle)
        {
            throw new WireException(cycle.Message, cycle);
        }
        return graph;
    }

    private Shape ShapeOf(int id) => _vertices.TryGetValue(id, out var planned)
        ? planned.Vertex.Shape
        : throw new WireException($"a graph of {_vertices.Count} vertices has none with the id {id}");
}
