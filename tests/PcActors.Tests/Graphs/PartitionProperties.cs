using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Reference;
using PcActors.Tensors;
using PcActors.Tests.Learning;
using PcActors.Tests.Tensors.Kernels;

namespace PcActors.Tests.Graphs;

/// <summary>A split network is the same network: predictions to the bit, updates up to
/// rounding; and to it, too, the theorem applies.</summary>
public class PartitionProperties
{
    private const int Graphs = 150;

    public static TheoryData<int> Blocks => [2, 3, int.MaxValue];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Predictions_keep_their_bits(int blocks) => Each<float>(blocks, (graph, split, seed) =>
    {
        var (whole, parts) = (Reference(graph), Reference(split));
        Bits.AssertEqual(
            whole.Predict(RandomBatch.Create(graph, Loss.CrossEntropy, 1, seed), 0).Span,
            parts.Predict(RandomBatch.Create(split, Loss.CrossEntropy, 1, seed), 0).Span,
            "the prediction");
    });

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Updates_are_the_same_up_to_rounding(int blocks) => Each<double>(blocks, (graph, split, seed) =>
    {
        var (whole, parts) = (Reference(graph), Reference(split));
        whole.Step(RandomBatch.Create(graph, Loss.CrossEntropy, 1, seed));
        parts.Step(RandomBatch.Create(split, Loss.CrossEntropy, 1, seed));
        var joined = Parameters.Join(split, parts.Parameter).ToDictionary(p => p.Name, p => p.Value);
        foreach (var (name, expected) in Parameters.Join(graph, whole.Parameter))
        {
            var found = joined[name];
            Assert.Equal(expected.Shape, found.Shape);
            for (var i = 0; i < expected.Length; i++)
                Assert.Equal(expected.Span[i], found.Span[i], 1e-11 * (1 + Math.Abs(expected.Span[i])));
        }
    });

    [Theory]
    [MemberData(nameof(Blocks))]
    public void The_theorem_holds_bit_for_bit(int blocks) => Each<float>(blocks, (_, split, seed) =>
    {
        var trial = new Trial
        {
            Clock = seed % 2 == 0 ? Clock.Wavefront : Clock.Lockstep,
            Optimizer = new Sgd(0.01),
            MicroBatches = 1 + (int)(seed % 2),
            Delivery = new() { Seed = seed },
        };
        Assert.Null(trial.FirstDifference(split));
    });

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Joined_blocks_are_the_parameter(int blocks) => Each<double>(blocks, (graph, split, _) =>
    {
        var joined = Parameters.Join(split, id => split.Vertices[id].Initial!);
        Assert.Equal(graph.Parameters.Select(p => p.Name).Order(), joined.Select(p => p.Name).Order());
        Assert.All(joined, p => Bits.AssertEqual(graph.Find(p.Name).Initial!.Span, p.Value.Span, p.Name));
    });

    [Fact]
    public void A_layer_splits_down_to_a_vertex_for_each_unit()
    {
        var builder = new GraphBuilder<float>();
        var graph = builder.Build(builder.Data("x", new Shape(2, 5)).Dense("hidden", 7).Tanh("tanh").Dense("out", 3));
        foreach (var (blocks, hidden) in new[] { (1, 1), (2, 2), (3, 3), (7, 7), (100, 7) })
        {
            var split = Partition.Split(graph, blocks);
            Assert.Equal(hidden,
                split.Parameters.Count(p => p.Name.StartsWith("hidden/weight", StringComparison.Ordinal)));
            Assert.Equal(hidden, split.Vertices.Count(v => v.Function?.OperatorType == "Tanh"));
            Assert.Equal(7,
                split.Parameters.Where(p => p.Name.StartsWith("hidden/bias", StringComparison.Ordinal))
                    .Sum(p => p.Shape.Length));
        }
        Assert.Same(graph, Partition.Split(graph, 1));
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(4, 3)]
    [InlineData(6, 6)]
    public void Blocks_are_as_equal_as_they_can_be(int blocks, int smallest)
    {
        var builder = new GraphBuilder<float>();
        var graph = builder.Build(builder.Data("x", new Shape(2, 5)).Dense("out", blocks * smallest + 1));
        var units = Partition.Split(graph, blocks).Parameters.Where(p => p.Shape.Rank == 2).Select(p => p.Shape[1])
            .ToList();
        Assert.Equal(blocks, units.Count);
        Assert.Equal((smallest, smallest + 1), (units.Min(), units.Max()));
    }

    [Fact]
    public void What_several_vertices_read_is_not_split()
    {
        var builder = new GraphBuilder<float>();
        var x = builder.Data("x", new Shape(2, 4));
        var shared = builder.Parameter("shared", new Tensor<float>(new Shape(4, 4)));
        var graph = builder.Build(x.MatMul(shared).Tanh().MatMul(shared));
        Assert.Same(graph, Partition.Split(graph, 2));
    }

    [Fact]
    public void The_default_follows_from_the_layers_extents_alone()
    {
        var builder = new GraphBuilder<float>();
        var graph = builder.Build(
            builder.Data("x", new Shape(2, 784)).Dense("wide", 300).Tanh().Dense("odd", 101).Dense("out", 10));
        var split = Partition.Split(graph);
        Assert.Equal(Partition.DefaultBlocks(784, 300),
            split.Parameters.Count(p => p.Name.StartsWith("wide/weight", StringComparison.Ordinal)));
        Assert.Equal(2, Partition.DefaultBlocks(784, 300));
        Assert.Equal(1, Partition.DefaultBlocks(300, 101));
        Assert.Equal(1, Partition.DefaultBlocks(100, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => Partition.Split(graph, -1));
    }

    private static Backpropagation<T> Reference<T>(Graph<T> graph)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        new(graph, Loss.CrossEntropy, new Sgd(0.1));

    private static void Each<T>(int blocks, Action<Graph<T>, Graph<T>, ulong> check)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var splits = 0;
        for (var seed = 0UL; seed < Graphs; seed++)
        {
            var graph = RandomGraph<T>.Create(seed);
            var split = Partition.Split(graph, blocks);
            if (ReferenceEquals(graph, split)) continue;
            splits++;
            try
            {
                check(graph, split, seed);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
            }
        }
        Assert.InRange(splits, Graphs / 2, Graphs);
    }
}
