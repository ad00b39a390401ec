using PcActors.Graphs;
using PcActors.Learning.Protocol;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit;

/// <summary>The graph that a trace's header describes, and what follows from its edges alone.</summary>
internal sealed class AuditGraph
{
    private readonly Dictionary<int, int> _places;
    private readonly int[][] _inputs;
    private readonly int[][] _consumers;

    /// <summary>A graph from a header.</summary>
    /// <exception cref="ArgumentException">Ids are not places, or an edge ends nowhere: it is no graph.</exception>
    public AuditGraph(TraceHeader header)
    {
        Vertices = header.Vertices;
        Edges = header.Edges;
        Root = header.Root;
        for (var v = 0; v < Vertices.Count; v++)
        {
            if (Vertices[v].Id != v)
                throw new ArgumentException(
                    $"the vertex '{Vertices[v].Name}' has the id {Vertices[v].Id}; it is at place {v}", nameof(header));
        }
        if ((uint)Root >= (uint)Vertices.Count)
            throw new ArgumentException($"the root is {Root}; there are {Vertices.Count} vertices, from 0",
                nameof(header));
        _places = new Dictionary<int, int>(Edges.Count);
        for (var e = 0; e < Edges.Count; e++)
        {
            var edge = Edges[e];
            if ((uint)edge.From >= (uint)Vertices.Count || (uint)edge.To >= (uint)Vertices.Count)
                throw new ArgumentException(
                    $"the edge {edge.Number} runs from {edge.From} to {edge.To}; there are {Vertices.Count} "
                    + "vertices, from 0", nameof(header));
            if (!_places.TryAdd(edge.Number, e))
                throw new ArgumentException($"there are two edges of number {edge.Number}", nameof(header));
        }
        _inputs = Group(e => e.To);
        _consumers = Group(e => e.From);
        Levels = ComputeLevels();
        DependsOnData = ComputeDataFlow();
    }

    public IReadOnlyList<TraceVertex> Vertices { get; }

    public IReadOnlyList<TraceEdge> Edges { get; }

    public int Root { get; }

    /// <summary>level(out) = 0, level(i) = 1 + the largest level of a consumer; -1 on and before a cycle.</summary>
    public int[] Levels { get; }

    /// <summary>Whether a data leaf leads to the vertex.</summary>
    public bool[] DependsOnData { get; }

    /// <summary>Places of a vertex's input edges.</summary>
    public int[] Inputs(int vertex) => _inputs[vertex];

    /// <summary>Places of the edges to a vertex's consumers.</summary>
    public int[] Consumers(int vertex) => _consumers[vertex];

    /// <summary>The place of an edge's number; -1 when there is none.</summary>
    public int PlaceOf(int number) => _places.GetValueOrDefault(number, -1);

    /// <summary>Whether it is a vertex from which such messages come, or to which they go.</summary>
    public bool IsIn(VertexGroup group, int id) => IsVertex(id) && group switch
    {
        VertexGroup.Data => IsData(id),
        VertexGroup.Parameters => IsParameter(id),
        VertexGroup.Learning => Learns(id),
        VertexGroup.Moving => Moves(id),
        VertexGroup.Root => id == Root,
        _ => true,
    };

    public bool IsVertex(int id) => (uint)id < (uint)Vertices.Count;

    /// <summary>Whether inference moves the vertex's value: it computes, and an error reaches it.</summary>
    public bool Moves(int vertex) => IsFunction(vertex) && Vertices[vertex].RequiresError;

    public bool IsFunction(int vertex) => Vertices[vertex].Kind == VertexKind.Function;

    public bool IsParameter(int vertex) => Vertices[vertex].Kind == VertexKind.Parameter;

    public bool IsData(int vertex) => Vertices[vertex].Kind == VertexKind.Data;

    /// <summary>Whether the vertex is a parameter that reports an update each step.</summary>
    public bool Learns(int vertex) => IsParameter(vertex) && Vertices[vertex].RequiresError;

    /// <summary>Who a vertex is, for a person: the coordinator, or none of the run's.</summary>
    public string Name(int id, string? sender = null) => id switch
    {
        TraceRecord.Coordinator => "the coordinator",
        _ when IsVertex(id) => $"'{Vertices[id].Name}'",
        _ => sender is null ? "a stranger" : $"a stranger, {sender},",
    };

    /// <summary>An edge, for a person.</summary>
    public string Describe(int place) =>
        FormattableString.Invariant(
            $"edge {Edges[place].Number} from {Name(Edges[place].From)} to {Name(Edges[place].To)}");

    private int[][] Group(Func<TraceEdge, int> key)
    {
        var sizes = new int[Vertices.Count];
        foreach (var edge in Edges) sizes[key(edge)]++;
        var groups = Array.ConvertAll(sizes, size => size == 0 ? [] : new int[size]);
        Array.Clear(sizes);
        for (var e = 0; e < Edges.Count; e++)
        {
            var vertex = key(Edges[e]);
            groups[vertex][sizes[vertex]++] = e;
        }
        return groups;
    }

    private int[] ComputeLevels()
    {
        var levels = new int[Vertices.Count];
        var waiting = new int[Vertices.Count];
        var ready = new Stack<int>();
        for (var v = 0; v < levels.Length; v++)
        {
            waiting[v] = _consumers[v].Length;
            if (waiting[v] == 0) ready.Push(v);
        }
        while (ready.TryPop(out var vertex))
        {
            foreach (var e in _inputs[vertex])
            {
                var input = Edges[e].From;
                levels[input] = Math.Max(levels[input], levels[vertex] + 1);
                if (--waiting[input] == 0) ready.Push(input);
            }
        }
        for (var v = 0; v < levels.Length; v++)
        {
            if (waiting[v] > 0) levels[v] = -1;
        }
        return levels;
    }

    private bool[] ComputeDataFlow()
    {
        var reached = new bool[Vertices.Count];
        var next = new Stack<int>();
        for (var v = 0; v < reached.Length; v++)
        {
            if (IsData(v)) next.Push(v);
        }
        while (next.TryPop(out var vertex))
        {
            if (reached[vertex]) continue;
            reached[vertex] = true;
            foreach (var e in _consumers[vertex]) next.Push(Edges[e].To);
        }
        return reached;
    }
}
