namespace PcActors.Graphs;

/// <summary>A graph's edges by the vertex at one of their ends: one array for all, in place of one for each vertex, of
/// which a graph may have a hundred thousand.</summary>
internal sealed class EdgeGroups
{
    private readonly Edge[] _edges;
    private readonly int[] _starts;

    private EdgeGroups(Edge[] edges, int[] starts) => (_edges, _starts) = (edges, starts);

    /// <summary>The edges of one vertex.</summary>
    public ArraySegment<Edge> this[int vertex] =>
        new(_edges, _starts[vertex], _starts[vertex + 1] - _starts[vertex]);

    /// <summary>Edges by consumer, in the order of their slots.</summary>
    /// <param name="edges">All edges. They stay as they are, and are used as they are where they are in order.</param>
    /// <param name="vertices">How many vertices there are.</param>
    public static EdgeGroups ByConsumer(Edge[] edges, int vertices)
    {
        var isSorted = true;
        for (var i = 1; i < edges.Length && isSorted; i++) isSorted = BySlot(edges[i - 1], edges[i]) <= 0;
        if (!isSorted) Array.Sort(edges = [.. edges], BySlot);
        return new EdgeGroups(edges, Starts(edges, e => e.To, vertices));

        static int BySlot(Edge a, Edge b) => a.To != b.To ? a.To.CompareTo(b.To) : a.Slot.CompareTo(b.Slot);
    }

    /// <summary>Edges by input, in the order in which they come.</summary>
    /// <param name="edges">All edges. They stay as they are.</param>
    /// <param name="vertices">How many vertices there are.</param>
    public static EdgeGroups ByInput(Edge[] edges, int vertices)
    {
        var starts = Starts(edges, e => e.From, vertices);
        var next = starts.ToArray();
        var grouped = new Edge[edges.Length];
        foreach (var edge in edges) grouped[next[edge.From]++] = edge;
        return new EdgeGroups(grouped, starts);
    }

    /// <summary>Whether something holds of an edge of a vertex.</summary>
    public bool Any(int vertex, Predicate<Edge> holds)
    {
        foreach (var edge in Of(vertex))
        {
            if (holds(edge)) return true;
        }
        return false;
    }

    /// <summary>Puts the edges of each vertex into an order.</summary>
    public void Order(Comparison<Edge> comparison)
    {
        for (var vertex = 0; vertex < _starts.Length - 1; vertex++) Of(vertex).Sort(comparison);
    }

    private Span<Edge> Of(int vertex) => _edges.AsSpan(_starts[vertex].._starts[vertex + 1]);

    private static int[] Starts(Edge[] edges, Func<Edge, int> end, int vertices)
    {
        var starts = new int[vertices + 1];
        foreach (var edge in edges) starts[end(edge) + 1]++;
        for (var vertex = 0; vertex < vertices; vertex++) starts[vertex + 1] += starts[vertex];
        return starts;
    }
}
