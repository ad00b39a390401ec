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
        Moves = Spread(v => Vertices[v].IsLatent || Vertices[v].IsFree, IsFunction, _ => true);
        Infers = Spread(v => Vertices[v].RequiresError && (Vertices[v].IsLatent || Vertices[v].IsFree), IsDirect,
            e => Edges[e].CarriesError);
        PassesToLearning = Spread(Learns, IsDirect, e => Edges[e].CarriesError);
    }

    public IReadOnlyList<TraceVertex> Vertices { get; }

    public IReadOnlyList<TraceEdge> Edges { get; }

    public int Root { get; }

    /// <summary>level(out) = 0, level(i) = span(i) + the largest level of a consumer. Edges that lead back do not
    /// count.</summary>
    public int[] Levels { get; }

    /// <summary>Along Z-IL's wave, when an error comes along an edge: a timestep after its sender's level.</summary>
    public int ErrorTime(int edge) => Levels[Edges[edge].To] + 1;

    /// <summary>Whether a data leaf leads to the vertex.</summary>
    public bool[] DependsOnData { get; }

    /// <summary>Whether inference changes the value.</summary>
    public bool[] Moves { get; }

    /// <summary>Whether errors pass through it to a latent or free vertex, or it is one.</summary>
    public bool[] Infers { get; }

    /// <summary>Whether errors pass through it to a parameter that learns, or it is one.</summary>
    public bool[] PassesToLearning { get; }

    /// <summary>Whether there is a cycle.</summary>
    public bool HasCycles => Edges.Any(e => e.IsRecurrent);

    /// <summary>Places of a vertex's input edges.</summary>
    public int[] Inputs(int vertex) => _inputs[vertex];

    /// <summary>Places of the edges to a vertex's consumers.</summary>
    public int[] Consumers(int vertex) => _consumers[vertex];

    /// <summary>The place of an edge's number; -1 when there is none.</summary>
    public int PlaceOf(int number) => _places.GetValueOrDefault(number, -1);

    /// <summary>Whether it is a vertex from which such messages come, or to which they go.</summary>
    public bool IsIn(VertexGroup group, int id) => IsVertex(id) && group switch
    {
        VertexGroup.Clampable => IsData(id) || Vertices[id].IsLatent,
        VertexGroup.Parameters => IsParameter(id),
        VertexGroup.Learning => Learns(id),
        VertexGroup.Moving => Acts(id),
        VertexGroup.Ends => IsEnd(id),
        VertexGroup.Root => id == Root,
        _ => true,
    };

    public bool IsVertex(int id) => (uint)id < (uint)Vertices.Count;

    /// <summary>Whether the vertex has a part in a timestep: it holds or passes on what moves, or an error.</summary>
    public bool Acts(int vertex) => IsFunction(vertex)
        ? Vertices[vertex].RequiresError || Moves[vertex]
        : IsData(vertex) && Vertices[vertex] is { IsFree: true, RequiresError: true };

    /// <summary>Whether it has one in a timestep in which no parameter learns.</summary>
    public bool ActsInInference(int vertex) =>
        Acts(vertex) && (!IsFunction(vertex) || Moves[vertex] || Infers[vertex] || vertex == Root);

    /// <summary>Whether the forward initialisation ends with it: the root, or a function whose value goes on only where
    /// it closes a cycle.</summary>
    public bool IsEnd(int vertex) =>
        IsFunction(vertex) && Array.TrueForAll(Consumers(vertex), e => Edges[e].IsRecurrent);

    /// <summary>Whether it passes on errors, and has none of its own.</summary>
    public bool IsDirect(int vertex) => IsFunction(vertex) && !Vertices[vertex].IsLatent;

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

    /// <summary>What reaches vertices from some of them, from inputs on, through others.</summary>
    private bool[] Spread(Func<int, bool> begins, Func<int, bool> passes, Func<int, bool> runs)
    {
        var reached = new bool[Vertices.Count];
        var next = new Stack<int>(Enumerable.Range(0, reached.Length).Where(begins));
        while (next.TryPop(out var vertex))
        {
            if (reached[vertex]) continue;
            reached[vertex] = true;
            foreach (var e in _consumers[vertex])
            {
                if (passes(Edges[e].To) && runs(e)) next.Push(Edges[e].To);
            }
        }
        return reached;
    }

    private int[] ComputeLevels()
    {
        var levels = new int[Vertices.Count];
        var waiting = new int[Vertices.Count];
        var ready = new Stack<int>();
        for (var v = 0; v < levels.Length; v++)
        {
            waiting[v] = _consumers[v].Count(e => !Edges[e].IsRecurrent);
            if (waiting[v] == 0) ready.Push(v);
        }
        while (ready.TryPop(out var vertex))
        {
            foreach (var e in _inputs[vertex])
            {
                var input = Edges[e].From;
                if (Edges[e].IsRecurrent) continue;
                levels[input] = Math.Max(levels[input], levels[vertex] + Vertices[input].Span);
                if (--waiting[input] == 0) ready.Push(input);
            }
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
