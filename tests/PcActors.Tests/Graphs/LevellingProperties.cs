using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Tests.Graphs;

/// <summary>Levelling on random graphs: an edge that carries an error spans one level, or those that
/// its input delays, with the fewest identities.</summary>
public class LevellingProperties
{
    private const int Graphs = 500;

    public static IEnumerable<(int Seed, Graph<double> Graph, Graph<double> Levelled)> Drawn =>
        Enumerable.Range(0, Graphs).Select(seed =>
    {
        var graph = RandomGraph<double>.Create((ulong)seed);
        return (seed, graph, Levelling.Level(graph));
    });

    [Fact]
    public void Every_edge_that_carries_an_error_spans_what_its_input_delays() => Each((_, levelled) =>
    {
        Assert.All(
            levelled.Edges.Where(levelled.CarriesError),
            e => Assert.Equal(
                levelled.Level(e.To) + levelled.Vertices[e.From].Span, levelled.Level(e.From)));
        Assert.All(levelled.Vertices, v => Assert.True(v.Span == 1 || (v.IsLevellingIdentity && v.Span > 1)));
        Assert.True(levelled.IsLevelled);
    });

    [Fact]
    public void Each_source_has_one_chain_with_an_identity_for_each_further_level_read() => Each((graph, levelled) =>
    {
        foreach (var vertex in graph.Vertices)
        {
            var wanted = graph.Consumers(vertex.Id).Where(graph.CarriesError).Select(e => graph.Level(e.To))
                .Distinct().Count(level => level < graph.Level(vertex.Id) - 1);
            var source = levelled.Find(vertex.Name);
            var length = 0;
            // A chain: one identity after another, never two beside each other.
            for (var at = source; IdentityAfter(levelled, at) is { } next; at = next)
            {
                length++;
                Assert.Equal(levelled.Level(at.Id) - at.Span, levelled.Level(next.Id));
            }
            Assert.Equal(wanted, length);
        }
        var total = graph.Vertices.Sum(v => ChainLength(levelled, levelled.Find(v.Name)));
        Assert.Equal(total, levelled.IdentityCount);
    });

    [Fact]
    public void Where_values_move_at_every_timestep_each_identity_delays_by_one_level() => Each((graph, _) =>
    {
        var levelled = Levelling.Level(graph, everyLevel: true);
        Assert.All(levelled.Vertices, v => Assert.Equal(1, v.Span));
        Assert.True(levelled.IsLevelled);
        Assert.Equal(
            graph.Vertices.Sum(v => graph.Consumers(v.Id).Where(graph.CarriesError)
                .Select(e => graph.Level(v.Id) - 1 - graph.Level(e.To)).DefaultIfEmpty(0).Max()),
            levelled.IdentityCount);
    });

    [Fact]
    public void Original_vertices_keep_their_names_levels_shapes_and_order() => Each((graph, levelled) =>
    {
        var kept = levelled.Vertices.Where(v => !v.IsLevellingIdentity).ToList();
        Assert.Equal(graph.Vertices.Select(v => v.Name), kept.Select(v => v.Name));
        foreach (var (before, after) in graph.Vertices.Zip(kept))
        {
            Assert.Equal(graph.Level(before.Id), levelled.Level(after.Id));
            Assert.Equal(before.Shape, after.Shape);
            Assert.Same(before.Function, after.Function);
            Assert.Equal(graph.RequiresError(before.Id), levelled.RequiresError(after.Id));
            Assert.Equal(graph.DependsOnData(before.Id), levelled.DependsOnData(after.Id));
        }
    });

    [Fact]
    public void Original_edges_keep_their_numbers_slots_and_what_they_read() => Each((graph, levelled) =>
    {
        var numbers = levelled.Edges.ToDictionary(e => e.Number);
        Assert.Equal(levelled.Edges.Count, numbers.Count);
        foreach (var edge in graph.Edges)
        {
            var after = numbers[edge.Number];
            Assert.Equal(edge.Slot, after.Slot);
            Assert.Equal(graph.Vertices[edge.To].Name, levelled.Vertices[after.To].Name);
            var source = levelled.Vertices[after.From];
            while (source.IsLevellingIdentity) source = levelled.Vertices[levelled.Inputs(source.Id)[0].From];
            Assert.Equal(graph.Vertices[edge.From].Name, source.Name);
        }
    });

    [Fact]
    public void Inputs_come_before_their_consumers_and_names_are_unique() => Each((_, levelled) =>
    {
        Assert.All(levelled.Edges, e => Assert.True(e.From < e.To));
        Assert.Equal(levelled.Vertices.Count, levelled.Vertices.Select(v => v.Name).Distinct().Count());
        Assert.Equal(Enumerable.Range(0, levelled.Vertices.Count), levelled.Vertices.Select(v => v.Id));
    });

    [Fact]
    public void A_levelled_graph_is_left_as_it_is() =>
    Each((_, levelled) => Assert.Same(levelled, Levelling.Level(levelled)));

    [Fact]
    public void An_identity_takes_a_name_that_no_vertex_has()
    {
        var builder = new GraphBuilder<double>();
        var x = builder.Data("x", new Shape(1, 2));
        var shared = builder.Parameter("h", new Tensor<double>(new Shape(2)));
        // The names that the identities of 'h' would take first.
        var first = x.Add(shared, "h~1");
        var second = first.Tanh("h~2").Add(shared);
        var levelled = Levelling.Level(builder.Build(second.Add(shared)));
        Assert.True(levelled.IsLevelled);
        Assert.Equal(levelled.Vertices.Count, levelled.Vertices.Select(v => v.Name).Distinct().Count());
    }

    private static void Each(Action<Graph<double>, Graph<double>> check)
    {
        foreach (var (seed, graph, levelled) in Drawn)
        {
            try
            {
                check(graph, levelled);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
            }
        }
    }

    private static int ChainLength(Graph<double> graph, Vertex<double> source) =>
        IdentityAfter(graph, source) is { } next ? 1 + ChainLength(graph, next) : 0;

    private static Vertex<double>? IdentityAfter(Graph<double> graph, Vertex<double> vertex) =>
        graph.Consumers(vertex.Id).Select(e => graph.Vertices[e.To]).SingleOrDefault(v => v.IsLevellingIdentity);
}
