using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Graphs;

/// <summary>A directed graph of elementary functions with one root. Immutable and valid by construction.</summary>
/// <remarks>Vertices are in topological order, but for edges that close a cycle: those lead back, from a vertex to one
/// before it, or to itself. The size of a micro-batch is part of the shapes.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Graph<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly EdgeGroups _inputs;
    private readonly EdgeGroups _consumers;
    private readonly int[] _levels;
    private readonly GraphFlows _flows;
    private Dictionary<string, int>? _ids;

    /// <summary>A graph from vertices in topological order and their edges; <see cref="GraphBuilder{T}"/>
    /// makes and checks them.</summary>
    /// <param name="vertices">Inputs before consumers, ids equal to positions, the root last
    /// among those that reach it.</param>
    /// <param name="edges">Numbers need not be dense.</param>
    internal Graph(IReadOnlyList<Vertex<T>> vertices, IReadOnlyList<Edge> edges)
    {
        var all = edges as Edge[] ?? [.. edges];
        (Vertices, Edges) = (vertices, all);
        _inputs = EdgeGroups.ByConsumer(all, vertices.Count);
        _consumers = EdgeGroups.ByInput(all, vertices.Count);
        RootId = Enumerable.Range(0, vertices.Count).First(id => _consumers[id].Count == 0);
        _levels = ComputeLevels();
        _flows = GraphFlows.Of(vertices, _inputs, _consumers, RootId);
        _consumers.Order(CompareCanonically);
    }

    /// <summary>All vertices, inputs before consumers.</summary>
    public IReadOnlyList<Vertex<T>> Vertices { get; }

    /// <summary>All edges.</summary>
    public IReadOnlyList<Edge> Edges { get; }

    /// <summary>Id of the one vertex without consumers, "out".</summary>
    public int RootId { get; }

    /// <summary>The root.</summary>
    public Vertex<T> Root => Vertices[RootId];

    /// <summary>The level of the deepest leaf.</summary>
    public int Depth => _levels.Max();

    /// <summary>The data leaves, in order of id.</summary>
    public IEnumerable<Vertex<T>> DataLeaves => Vertices.Where(v => v.Kind == VertexKind.Data);

    /// <summary>The parameters, trainable or not, in order of id.</summary>
    public IEnumerable<Vertex<T>> Parameters => Vertices.Where(v => v.Kind == VertexKind.Parameter);

    /// <summary>How many identity vertices levelling has inserted.</summary>
    public int IdentityCount => Vertices.Count(v => v.IsLevellingIdentity);

    /// <summary>A vertex's input edges, by slot.</summary>
    public IReadOnlyList<Edge> Inputs(int vertex) => _inputs[vertex];

    /// <summary>The edges to a vertex's consumers in canonical order: the order in which
    /// their errors are summed.</summary>
    /// <remarks>By level of the consumer, then a levelling identity first (it already holds the sum over all lower
    /// levels), then by edge number, all ascending. Sums run left to right.</remarks>
    public IReadOnlyList<Edge> Consumers(int vertex) => _consumers[vertex];

    /// <summary>level(out) = 0, level(i) = span(i) + the largest level of a consumer of i, where only a levelling
    /// identity has a span other than 1. Edges that lead back do not count.</summary>
    public int Level(int vertex) => _levels[vertex];

    /// <summary>Whether an error has to reach the vertex: it is a trainable parameter, latent or free, or leads
    /// back to such a one, and an error can come to it from the root or a latent vertex. (None comes through an
    /// index or a condition.)</summary>
    public bool RequiresError(int vertex) => _flows.RequiresError[vertex];

    /// <summary>Whether an error travels back along the edge.</summary>
    public bool CarriesError(Edge edge) =>
        RequiresError(edge.From) && RequiresError(edge.To) && _flows.IsDifferentiable(Vertices, edge);

    /// <summary>What moves a parameter that is a running statistic, and what is one read through an identity; null for
    /// any other vertex.</summary>
    public RunningStatistic? Running(int vertex) => _flows.Running(vertex);

    /// <summary>Whether the value differs between micro-batches as soon as it is predicted:
    /// a data leaf leads to it. Other values are sent once a step, until inference moves them.</summary>
    public bool DependsOnData(int vertex) => _flows.DependsOnData[vertex];

    /// <summary>Whether inference changes the value: the vertex is latent or free, or direct and reads such a one
    /// through direct vertices.</summary>
    public bool Moves(int vertex) => _flows.Moves[vertex];

    /// <summary>Whether inference needs the errors that come to it: it is latent or free,
    /// or direct and passes them on to such a one.</summary>
    public bool Infers(int vertex) => _flows.Infers[vertex];

    /// <summary>Whether learning needs the errors that come to it: it is a trainable parameter, or direct and passes
    /// them on to one.</summary>
    public bool Learns(int vertex) => _flows.Learns[vertex];

    /// <summary>Whether there is a cycle.</summary>
    public bool HasCycles => Edges.Any(e => e.IsRecurrent);

    /// <summary>Whether a vertex is latent.</summary>
    public bool HasLatents => Vertices.Any(v => v.IsLatent);

    /// <summary>The same graph with other vertices: of the same ids, names and shapes.</summary>
    internal Graph<T> With(Func<Vertex<T>, Vertex<T>> change) => new([.. Vertices.Select(change)], Edges);

    /// <summary>The same graph with nothing latent and nothing free.</summary>
    internal Graph<T> Bare() => Vertices.Any(v => v.IsLatent || v.IsFree)
        ? With(v => v.IsLatent || v.IsFree ? v with { IsLatent = false, IsFree = false } : v)
        : this;

    /// <summary>Whether level(i) = level(j) + span(i) on every edge i -> j along which an error travels.</summary>
    public bool IsLevelled =>
        Edges.All(e => !CarriesError(e) || _levels[e.From] == _levels[e.To] + Vertices[e.From].Span);

    /// <summary>The vertex of a name.</summary>
    /// <exception cref="GraphException">There is none.</exception>
    public Vertex<T> Find(string name) => (_ids ??= IdsByName()).TryGetValue(name, out var id)
        ? Vertices[id]
        : throw new GraphException($"the graph has no vertex '{name}'", name);

    /// <summary>The shapes of a vertex's inputs, by slot.</summary>
    public Shape[] InputShapes(int vertex)
    {
        var inputs = _inputs[vertex];
        var shapes = new Shape[inputs.Count];
        for (var slot = 0; slot < shapes.Length; slot++) shapes[slot] = Vertices[inputs[slot].From].Shape;
        return shapes;
    }

    // Many a graph is never asked.
    private Dictionary<string, int> IdsByName() =>
        Vertices.ToDictionary(v => v.Name, v => v.Id, StringComparer.Ordinal);

    private int CompareCanonically(Edge a, Edge b)
    {
        var byLevel = _levels[a.To].CompareTo(_levels[b.To]);
        if (byLevel != 0) return byLevel;
        var chain = Vertices[b.To].IsLevellingIdentity.CompareTo(Vertices[a.To].IsLevellingIdentity);
        return chain != 0 ? chain : a.Number.CompareTo(b.Number);
    }

    private int[] ComputeLevels()
    {
        var levels = new int[Vertices.Count];
        for (var id = Vertices.Count - 1; id >= 0; id--)
        {
            foreach (var edge in _consumers[id])
            {
                if (!edge.IsRecurrent) levels[id] = Math.Max(levels[id], levels[edge.To] + Vertices[id].Span);
            }
        }
        return levels;
    }
}

/// <summary>A graph is not one that can be trained. The message names the vertex and says
/// what would be right.</summary>
public sealed class GraphException(string message, string? vertex = null) : Exception(message)
{
    /// <summary>The vertex at fault, where there is a single one.</summary>
    public string? Vertex { get; } = vertex;
}
