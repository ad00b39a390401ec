using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Tests.Graphs;

/// <summary>Fault: what cannot do with a cycle says so, and names its vertices; marks are not lost where a graph is
/// divided.</summary>
public sealed class CycleRefusals
{
    private const string Cycle = "b -> c -> a -> b";

    [Fact]
    public async Task Levelling_and_backpropagation_name_the_cycle()
    {
        var graph = Cyclic();
        Assert.True(graph.HasCycles);
        Assert.Contains(Cycle, Assert.Throws<GraphException>(() => Levelling.Level(graph)).Message,
            StringComparison.Ordinal);
        foreach (NetworkPlace where in new NetworkPlace[] { new InProcess(), new Reference() })
        {
            var e = await Assert.ThrowsAsync<GraphException>(() => Network<double>.StartAsync(graph,
                new NetworkOptions { Where = where, Loss = Loss.SquaredError }));
            Assert.Contains(Cycle, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_divides_a_graph_names_the_cycle_or_leaves_it_whole()
    {
        var graph = Cyclic();
        Assert.Same(graph, Partition.Split(graph));
        Action[] refused =
        [
            () => Partition.Split(graph, 2), () => Refinement.Refine(graph, Granularity.Unit),
            () => Replication.Replicate(graph, 2),
        ];
        Assert.All(refused, divide =>
            Assert.Contains(Cycle, Assert.Throws<GraphException>(divide).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Marks_survive_blocks_units_and_replicas()
    {
        var builder = new GraphBuilder<double>();
        var x = builder.Data("x", new Shape(2, 3), isFree: true);
        var hidden = x.Dense("h", 4).Latent().Tanh("t").Latent();
        var graph = builder.Build(hidden.Dense("out", 2));
        foreach (var (divided, latents) in new[]
        {
            (Partition.Split(graph, 2), new[] { "h/0", "h/1", "t" }),
            (Refinement.Refine(graph, Granularity.Unit),
                [.. Enumerable.Range(0, 4).SelectMany(u => new[] { $"h/unit{u}", $"t/unit{u}" })]),
            (Replication.Replicate(graph, 2), ["h@0", "h@1", "t@0", "t@1"]),
        })
        {
            Assert.Equal(latents.Order(StringComparer.Ordinal),
                divided.Vertices.Where(v => v.IsLatent).Select(v => v.Name).Order(StringComparer.Ordinal));
            Assert.True(divided.Find("x").IsFree);
        }
    }

    [Fact]
    public void A_latent_root_is_refused()
    {
        var builder = new GraphBuilder<double>();
        var root = builder.Data("x", new Shape(1, 1)).Dense("out", 1).Latent();
        Assert.Equal("out", Assert.Throws<GraphException>(() => builder.Build(root)).Vertex);
    }

    private static Graph<double> Cyclic()
    {
        var builder = new GraphBuilder<double>();
        builder.Data("x", new Shape(1, 2));
        builder.Parameter("w", new Tensor<double>(new Shape(2, 2)));
        builder.Declare("b", "Add", ["x", "a"]);
        builder.Declare("c", "Tanh", ["b"]);
        builder.Declare("a", "MatMul", ["c", "w"], isLatent: true, shape: new Shape(1, 2));
        builder.Declare("out", "Neg", ["b"]);
        return builder.Build();
    }
}
