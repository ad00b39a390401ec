using System.Numerics;
using PcActors.Functions;

namespace PcActors.Graphs;

/// <summary>Makes every edge that carries an error span exactly one level, or as many as its input delays errors, by
/// identity vertices.</summary>
/// <remarks>Each source gets one chain of identities, with one for each further level at which consumers read it:
/// each delays by all the levels up to the next. The identity that reaches down to level k holds the sum of the errors
/// of all consumers from k on down, so that nested sums on the levelled graph are the plain sum, left to right, on the
/// original one. There are no more identities than edges, however deep the graph.</remarks>
public static class Levelling
{
    /// <summary>The levelled form of a graph: the same names, shapes, levels and edge numbers, and
    /// identities between.</summary>
    /// <param name="graph">Any graph; it is returned as it is when it is levelled already.</param>
    /// <exception cref="GraphException">It has a cycle; the message names its vertices.</exception>
    public static Graph<T> Level<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Level(graph, everyLevel: false);

    /// <summary>The levelled form of a graph.</summary>
    /// <param name="graph">Any graph.</param>
    /// <param name="everyLevel">Whether there is an identity at every level that an edge crosses, each delaying by one:
    /// for dynamics in which values move at every timestep.</param>
    internal static Graph<T> Level<T>(Graph<T> graph, bool everyLevel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        GraphValidation.RequireAcyclic(graph, "levelling, which Z-IL needs,",
            "il, ipc and other rules that infer take one");
        if (graph.IsLevelled) return graph;
        var identity = OperatorCatalogue.Create<T>("Identity");
        var vertices = new List<Vertex<T>>(graph.Vertices.Count);
        var edges = new List<Edge>(graph.Edges.Count);
        var next = graph.Edges.Max(e => e.Number) + 1;
        var newId = new int[graph.Vertices.Count];
        var names = graph.Vertices.Select(v => v.Name).ToHashSet(StringComparer.Ordinal);
        // The vertex that hands a source's value to consumers at a level, by (source, level).
        var taps = new Dictionary<(int Source, int Level), int>();

        foreach (var vertex in graph.Vertices)
        {
            newId[vertex.Id] = vertices.Count;
            vertices.Add(vertex with { Id = vertices.Count });
            foreach (var edge in graph.Inputs(vertex.Id))
            {
                var source = graph.CarriesError(edge)
                    && taps.TryGetValue((edge.From, graph.Level(vertex.Id)), out var tap)
                    ? tap
                    : newId[edge.From];
                edges.Add(edge with { From = source, To = newId[vertex.Id] });
            }

            var (from, level) = (newId[vertex.Id], graph.Level(vertex.Id) - vertex.Span);
            foreach (var end in Ends(graph, vertex.Id, everyLevel))
            {
                var id = vertices.Count;
                vertices.Add(new Vertex<T>
                {
                    Id = id,
                    Name = NewName($"{vertex.Name}~{level}", names),
                    Kind = VertexKind.Function,
                    Shape = vertex.Shape,
                    Function = identity,
                    IsLevellingIdentity = true,
                    Span = level - end,
                });
                edges.Add(new Edge(next++, from, id, 0));
                taps[(vertex.Id, end)] = id;
                (from, level) = (id, end);
            }
        }
        return new Graph<T>(vertices, edges);
    }

    /// <summary>How many identities level a graph, without making them.</summary>
    internal static long CountIdentities<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        graph.Vertices.Sum(v => (long)Ends(graph, v.Id, everyLevel: false).Count());

    /// <summary>The levels down to which a vertex's identities reach, from the highest to the lowest.</summary>
    private static IEnumerable<int> Ends<T>(Graph<T> graph, int vertex, bool everyLevel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var next = graph.Level(vertex) - graph.Vertices[vertex].Span;
        var readers = graph.Consumers(vertex).Where(graph.CarriesError).Select(e => graph.Level(e.To))
            .Where(level => level < next).Distinct().OrderDescending();
        return everyLevel
            ? readers.TakeLast(1).SelectMany(lowest => Enumerable.Range(lowest, next - lowest).Reverse())
            : readers;
    }

    /// <summary>A name that is not taken yet, and is now.</summary>
    private static string NewName(string name, HashSet<string> names)
    {
        while (!names.Add(name)) name += "~";
        return name;
    }
}
