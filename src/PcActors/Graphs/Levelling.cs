using System.Numerics;
using PcActors.Functions;

namespace PcActors.Graphs;

/// <summary>Makes every edge that carries an error span exactly one level, by identity vertices.</summary>
/// <remarks>Each source gets one chain of identities, tapped at every level where a consumer
/// reads it: the fewest vertices that can do it. The identity at level k holds the sum of the errors of all consumers
/// below k, so that nested sums on the levelled graph are the plain sum, left to right, on the original one.</remarks>
public static class Levelling
{
    /// <summary>The levelled form of a graph: the same names, shapes, levels and edge numbers, and
    /// identities between.</summary>
    /// <param name="graph">Any graph; it is returned as it is when it is levelled already.</param>
    public static Graph<T> Level<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (graph.IsLevelled) return graph;
        var identity = OperatorCatalogue.Create<T>("Identity");
        var vertices = new List<Vertex<T>>(graph.Vertices.Count);
        var edges = new List<Edge>(graph.Edges.Count);
        var next = graph.Edges.Max(e => e.Number) + 1;
        var newId = new int[graph.Vertices.Count];
        var names = graph.Vertices.Select(v => v.Name).ToHashSet(StringComparer.Ordinal);
        // The vertex that carries a source's value at each of its chain's levels, by (source, level).
        var taps = new Dictionary<(int Source, int Level), int>();

        foreach (var vertex in graph.Vertices)
        {
            newId[vertex.Id] = vertices.Count;
            vertices.Add(vertex with { Id = vertices.Count });
            foreach (var edge in graph.Inputs(vertex.Id))
            {
                var source = graph.CarriesError(edge)
                    && taps.TryGetValue((edge.From, graph.Level(vertex.Id) + 1), out var tap)
                    ? tap
                    : newId[edge.From];
                edges.Add(edge with { From = source, To = newId[vertex.Id] });
            }

            var lowest = LowestReader(graph, vertex.Id);
            var from = newId[vertex.Id];
            for (var level = graph.Level(vertex.Id) - 1; level > lowest; level--)
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
                });
                edges.Add(new Edge(next++, from, id, 0));
                taps[(vertex.Id, level)] = id;
                from = id;
            }
        }
        return new Graph<T>(vertices, edges);
    }

    /// <summary>How many identities level a graph, without making them.</summary>
    internal static long CountIdentities<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        graph.Vertices.Sum(v => Math.Max((long)graph.Level(v.Id) - 1 - LowestReader(graph, v.Id), 0));

    /// <summary>The lowest level from which an error comes to a vertex; its own where none does.</summary>
    private static int LowestReader<T>(Graph<T> graph, int vertex)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        graph.Consumers(vertex).Where(graph.CarriesError).Select(e => graph.Level(e.To))
        .DefaultIfEmpty(graph.Level(vertex)).Min();

    /// <summary>A name that is not taken yet, and is now.</summary>
    private static string NewName(string name, HashSet<string> names)
    {
        while (!names.Add(name)) name += "~";
        return name;
    }
}
