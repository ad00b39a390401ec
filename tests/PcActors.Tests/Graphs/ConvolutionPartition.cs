using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Reference;
using PcActors.Tensors;
using PcActors.Tests.Learning;
using PcActors.Tests.Tensors.Kernels;

namespace PcActors.Tests.Graphs;

/// <summary>Properties: a split convolutional network is the same network, and the theorem applies to it too.</summary>
public class ConvolutionPartition
{
    public static TheoryData<int> Blocks => [2, 3, int.MaxValue];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Predictions_keep_their_bits(int blocks)
    {
        foreach (var graph in Networks<float>())
        {
            var split = Partition.Split(graph, blocks);
            Bits.AssertEqual(
                Reference(graph).Predict(RandomBatch.Create(graph, Loss.CrossEntropy, 1, 1), 0).Span,
                Reference(split).Predict(RandomBatch.Create(split, Loss.CrossEntropy, 1, 1), 0).Span,
                "the prediction");
        }
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Updates_are_the_same_up_to_rounding(int blocks)
    {
        foreach (var graph in Networks<double>())
        {
            var split = Partition.Split(graph, blocks);
            var (whole, parts) = (Reference(graph), Reference(split));
            whole.Step(RandomBatch.Create(graph, Loss.CrossEntropy, 1, 2));
            parts.Step(RandomBatch.Create(split, Loss.CrossEntropy, 1, 2));
            var joined = Parameters.Join(split, parts.Parameter).ToDictionary(p => p.Name, p => p.Value);
            foreach (var (name, expected) in Parameters.Join(graph, whole.Parameter))
            {
                var found = joined[name];
                Assert.Equal(expected.Shape, found.Shape);
                Assert.NotEqual(graph.Find(name).Initial!.Span.ToArray(), found.Span.ToArray());
                for (var i = 0; i < expected.Length; i++) Assert.Equal(expected.Span[i], found.Span[i], 1e-12);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void The_theorem_holds_bit_for_bit(int blocks)
    {
        foreach (var (graph, seed) in Networks<float>().Select((graph, i) => (graph, (ulong)i)))
        {
            foreach (var clock in Enum.GetValues<Clock>())
            {
                var trial = new Trial
                {
                    Clock = clock,
                    Optimizer = new Sgd(0.05),
                    MicroBatches = 2,
                    Delivery = new() { Seed = seed }
                };
                Assert.Null(trial.FirstDifference(Partition.Split(graph, blocks)));
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public void Weights_and_biases_are_split_by_output_channels_and_joined_again(int blocks)
    {
        var graph = Network<double>(new Shape(2, 3, 6, 5));
        var split = Partition.Split(graph, blocks);
        var weights = split.Parameters.Where(p => p.Block?.Parameter == "first/weight").ToList();
        Assert.Equal(Enumerable.Range(0, blocks).Select(block => $"first/weight/{block}"), weights.Select(w => w.Name));
        Assert.All(weights, w => Assert.Equal(new Shape(6 / blocks, 3, 3, 3), w.Shape));
        Assert.All(
            split.Parameters.Where(p => p.Block?.Parameter == "second/bias"),
            bias => Assert.Equal([1, 1], bias.Shape.Dimensions[1..].ToArray()));
        Assert.Equal(blocks, split.Vertices.Count(v => v.Name.StartsWith("first/relu/", StringComparison.Ordinal)));
        var joined = Parameters.Join(split, id => split.Vertices[id].Initial!);
        Assert.All(joined, p => Bits.AssertEqual(graph.Find(p.Name).Initial!.Span, p.Value.Span, p.Name));
    }

    [Fact]
    public void A_convolution_splits_down_to_a_vertex_for_each_channel()
    {
        var split = Partition.Split(Network<float>(new Shape(2, 3, 6, 5)), int.MaxValue);
        Assert.Equal(6, split.Vertices.Count(v => v.Name.StartsWith("first/relu/", StringComparison.Ordinal)));
        Assert.All(split.Vertices.Where(v => v.Function?.OperatorType == "Conv" && v.Name != "grouped"),
            v => Assert.Equal(1, v.Shape[1]));
    }

    [Fact]
    public void Groups_stay_whole()
    {
        var split = Partition.Split(Network<float>(new Shape(2, 3, 6, 5)), 2);
        Assert.Equal("Conv", split.Find("grouped").Function!.OperatorType);
        Assert.Null(split.Find("grouped/weight").Block);
    }

    [Fact]
    public void The_default_follows_from_the_layers_cost_and_channels_alone()
    {
        Assert.Equal(2, Partition.DefaultConvolutionBlocks(1 << 20, 32));
        Assert.Equal(1, Partition.DefaultConvolutionBlocks((1 << 20) - 1, 32));
        Assert.Equal(1, Partition.DefaultConvolutionBlocks(1 << 20, 33));
        Assert.Equal(1, Partition.DefaultConvolutionBlocks(1 << 30, 30));
        foreach (var batch in (int[])[1, 8])
        {
            // 2 x 27 x 32 x 24 x 26 operations a sample; half the height takes half of them.
            foreach (var (height, blocks) in new[] { (26, 2), (14, 1) })
            {
                var builder = new GraphBuilder<float>();
                var x = builder.Data("x", new Shape(batch, 3, height, 28));
                var graph = builder.Build(
                    x.Apply("Conv", [builder.Parameter("w", new Tensor<float>(new Shape(32, 3, 3, 3)))]));
                Assert.Equal(blocks, Partition.Split(graph).Parameters.Count());
            }
        }
    }

    private static IEnumerable<Graph<T>> Networks<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [Network<T>(new(2, 3, 6, 5)), Network<T>(new(1, 2, 9, 33)), Network<T>(new(3, 40, 3, 3))];

    private static Backpropagation<T> Reference<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(graph, Loss.CrossEntropy, new Sgd(0.1));

    /// <summary>Two convolutions, of which the second has its bias in an Add, one with
    /// groups, and a dense layer.</summary>
    private static Graph<T> Network<T>(Shape input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var builder = new GraphBuilder<T>(seed: 7);
        var x = builder.Data("x", input);
        x = x.Apply("Conv", [Weight("first/weight", 6, input[1], 3, 3), Weight("first/bias", 6)],
            Attributes.Of(("pads", (int[])[1, 1, 1, 1])), "first")
            .Relu("first/relu");
        x = x.Apply("Conv", [Weight("second/weight", 4, 6, 2, 3)],
            Attributes.Of(("strides", (int[])[1, 2]), ("auto_pad", "SAME_UPPER")), "second");
        x = x.Add(Weight("second/bias", 4, 1, 1), "second/sum").Tanh("second/tanh");
        x = x.Apply("Conv", [Weight("grouped/weight", 4, 2, 2, 2)], Attributes.Of(("group", 2)), "grouped");
        return builder.Build(x.Flatten().Dense("out", 3));

        Node<T> Weight(string name, params int[] shape) =>
            builder.Parameter(name, new Shape(shape), Initializer.Uniform(0.4), 1, 1);
    }
}
