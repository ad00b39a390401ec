using Akka.Actor;
using PcActors.Graphs;
using PcActors.Runs;
using PcActors.Runs.Threads;
using PcActors.Tensors;

namespace PcActors.Tests.Runs.Threads;

/// <summary>Blocks of a layer live on different threads, each with its weights; all else goes where its messages come
/// from.</summary>
public sealed class VertexHomesProperties
{
    [Theory]
    [InlineData(2, 2)]
    [InlineData(4, 2)]
    [InlineData(4, 3)]
    [InlineData(2, 5)]
    [InlineData(3, 4)]
    public void A_layers_blocks_live_apart(int blocks, int threads)
    {
        // Of narrowing layers, too: the second one's blocks could all go where the first one has none.
        AssertApart(blocks, threads, 200, 400, 300);
        AssertApart(blocks, threads, 900, 600, 120);
    }

    private static void AssertApart(int blocks, int threads, params int[] extents)
    {
        var graph = Partition.Split(Layers(extents), blocks);
        var homes = VertexHomes.Of(graph, threads);
        var weights = graph.Vertices.Where(v => v.Block is not null && v.Shape.Length >= 8_192).ToArray();
        Assert.Equal(2 * blocks, weights.Length);
        foreach (var layer in weights.GroupBy(v => v.Block!.Parameter))
        {
            var own = layer.Select(v => homes[v.Id]).ToArray();
            Assert.All(own, home => Assert.InRange(home, 0, threads - 1));
            Assert.Equal(Math.Min(blocks, threads), own.Distinct().Count());
        }
        foreach (var weight in weights)
            Assert.All(graph.Consumers(weight.Id), e => Assert.Equal(homes[weight.Id], homes[e.To]));
        var settled = weights.Select(v => v.Id).Concat(weights.SelectMany(v => graph.Consumers(v.Id)).Select(e => e.To))
            .ToHashSet();
        Assert.All(graph.Vertices, v => Assert.Equal(settled.Contains(v.Id), homes[v.Id] != VertexHomes.None));
    }

    [Fact]
    public void Threads_have_equal_shares_of_the_weights()
    {
        var graph = Partition.Split(Layers(300, 300, 300, 300, 300), 4);
        var homes = VertexHomes.Of(graph, 2);
        var shares = Enumerable.Range(0, 2).Select(home => graph.Vertices
            .Where(v => v.Kind == VertexKind.Parameter && homes[v.Id] == home).Sum(v => v.Shape.Length));
        Assert.Single(shares.Distinct());
    }

    [Fact]
    public void Whole_layers_small_ones_and_those_of_one_thread_live_nowhere()
    {
        Assert.All(VertexHomes.Of(Layers(200, 400), 2), home => Assert.Equal(VertexHomes.None, home));
        Assert.All(VertexHomes.Of(Partition.Split(Layers(100, 100), 2), 2),
            home => Assert.Equal(VertexHomes.None, home));
        Assert.All(VertexHomes.Of(Partition.Split(Layers(200, 400), 2), 1),
            home => Assert.Equal(VertexHomes.None, home));
    }

    // As Akka makes actors and mailboxes.
    [Fact]
    public async Task Actors_know_where_they_live()
    {
        var graph = Partition.Split(Layers(200, 400), 2);
        var system = ActorSystem.Create("homes");
        try
        {
            await using var network = await Network<float>.StartAsync(graph,
                new NetworkOptions { Where = new InProcess { ActorSystem = system, Threads = 2 } });
            var homes = VertexHomes.Of(network.RunGraph, 2);
            Assert.Contains(1, homes);
            for (var id = 0; id < homes.Length; id++)
            {
                var actor = await system.ActorSelection($"/user/*/{VertexNames.Of(id)}")
                    .ResolveOne(TimeSpan.FromSeconds(60));
                var mailbox = Assert.IsAssignableFrom<LocalActorRef>(actor).Cell?.Mailbox;
                Assert.Equal(homes[id], Assert.IsType<SmallMessageQueue>(mailbox?.MessageQueue).Home);
            }
        }
        finally
        {
            await system.Terminate();
        }
    }

    private static Graph<float> Layers(params int[] extents)
    {
        var builder = new GraphBuilder<float>(seed: 1);
        var node = builder.Data("x", new Shape(8, extents[0]));
        for (var layer = 1; layer < extents.Length; layer++) node = node.Dense($"h{layer}", extents[layer]).Tanh();
        return builder.Build(node);
    }
}
