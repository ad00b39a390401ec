using System.Globalization;
using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Reference;
using PcActors.Tensors;
using PcActors.Tests.Learning;
using PcActors.Tests.Models;
using PcActors.Tests.Tensors.Kernels;

namespace PcActors.Tests.Graphs;

/// <summary>A finer graph is the same function of the same parameters, and its vertices are as small as
/// its granularity says.</summary>
public sealed class RefinementProperties
{
    private const int RandomGraphs = 120;

    public static TheoryData<string, Granularity> Networks => RefinedModels.All;

    public static TheoryData<string> InScalars => [.. RefinedModels.InScalars];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Prediction_and_updates_are_the_coarse_graphs_up_to_rounding(string model, Granularity granularity)
    {
        var graph = SmallModels.Build<double>(model, 3);
        AssertSameUpdates(graph, Refinement.Refine(graph, granularity), seed: 1);
    }

    [Fact]
    public void So_they_are_on_random_graphs()
    {
        var refinedGraphs = 0;
        for (var seed = 0UL; seed < RandomGraphs; seed++)
        {
            var graph = RandomGraph<double>.Create(seed);
            var refined = Refinement.Refine(graph, Granularity.Unit);
            if (refined.Vertices.Count > graph.Vertices.Count) refinedGraphs++;
            AssertSameUpdates(graph, refined, seed);
        }
        Assert.InRange(refinedGraphs, RandomGraphs / 2, RandomGraphs);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Joined_parameters_are_the_graphs_in_its_order(string model, Granularity granularity)
    {
        var graph = SmallModels.Build<float>(model, 2);
        var refined = Refinement.Refine(graph, granularity);
        var joined = Parameters.Join(refined, id => refined.Vertices[id].Initial!);
        Assert.Equal(graph.Parameters.Select(p => p.Name), joined.Select(p => p.Name));
        Assert.All(joined, p =>
        {
            Assert.Equal(graph.Find(p.Name).Shape, p.Value.Shape);
            Bits.AssertEqual(graph.Find(p.Name).Initial!.Span, p.Value.Span, p.Name);
        });
    }

    [Theory]
    [MemberData(nameof(InScalars))]
    public void A_scalar_graphs_vertices_hold_one_number_a_sample(string model)
    {
        const int samples = 5;
        var graph = Refinement.Refine(SmallModels.Build<float>(model, samples), Granularity.Scalar);
        Assert.All(graph.Parameters, p => Assert.Equal(1, p.Shape.Length));
        // The root joins what the loss compares with the target; what needs no error is the data.
        var others = graph.Vertices.Where(
            v => v.Id != graph.RootId && graph.RequiresError(v.Id) && v.Kind == VertexKind.Function).ToList();
        Assert.All(others, v => Assert.Equal(new Shape(samples, 1), v.Shape));
        Assert.All(others,
            v => Assert.All(graph.Inputs(v.Id), e => Assert.InRange(graph.Vertices[e.From].Shape.Length, 1, samples)));
        Assert.Equal(SmallModels.Build<float>(model, samples).Root.Name, graph.Root.Name);
    }

    [Fact]
    public void Counted_by_hand_a_dense_layer_is_its_products_sums_and_activations()
    {
        var builder = new GraphBuilder<float>();
        var graph = builder.Build(
            builder.Data("x", new Shape(4, 3)).Dense("hidden", 5).Tanh("hidden/tanh").Dense("out", 2));
        var scalar = Refinement.Refine(graph, Granularity.Scalar);
        // x and its 3 features; 5 units of 3 weights, 3 products, a bias, a sum and a tanh; 2
        // units of 5 without tanh; the root.
        Assert.Equal(1 + 3 + (5 * (3 + 3 + 3)) + (2 * (5 + 5 + 2)) + 1, scalar.Vertices.Count);
        Assert.Equal(["x[:,1]", "hidden/weight[1,3]"], InputNames(scalar, "hidden/unit3/product1"));
        Assert.Equal(
            ["hidden/unit3/product0", "hidden/unit3/product1", "hidden/unit3/product2", "hidden/bias[3]"],
            InputNames(scalar, "hidden/unit3"));
        Assert.Equal(["hidden/tanh/unit4", "out/weight[4,1]"], InputNames(scalar, "out/unit1/product4"));

        var unit = Refinement.Refine(graph, Granularity.Unit);
        // 5 units of a weight, a bias, a product and a tanh, and what joins them; 2 without tanh, and the root.
        Assert.Equal(1 + (5 * 4) + 1 + (2 * 3) + 1, unit.Vertices.Count);
        Assert.Equal(["x", "hidden/weight[:,3]", "hidden/bias[3]"], InputNames(unit, "hidden/unit3"));
        Assert.Equal(["hidden/tanh", "out/weight[:,1]", "out/bias[1]"], InputNames(unit, "out/unit1"));
        Assert.Same(graph, Refinement.Refine(graph, Granularity.Tensor));
    }

    [Theory]
    [InlineData("rnn", "layer1/recurrent")]
    [InlineData("residual", "shared/weight")]
    public void A_weight_that_layers_share_is_divided_for_all_of_them(string model, string weight)
    {
        var whole = SmallModels.Build<float>(model, 2);
        Assert.True(whole.Consumers(whole.Find(weight).Id).Count > 1);
        foreach (var granularity in new[] { Granularity.Unit, Granularity.Scalar })
        {
            var graph = Refinement.Refine(whole, granularity);
            var blocks = graph.Parameters.Where(p => p.Block?.Parameter == weight).ToList();
            Assert.Equal(granularity == Granularity.Unit ? 9 : 81, blocks.Count);
            Assert.All(blocks,
                b => Assert.Equal(whole.Consumers(whole.Find(weight).Id).Count, graph.Consumers(b.Id).Count));
        }
    }

    [Fact]
    public void A_layer_whose_weight_something_else_reads_stays_whole_in_units()
    {
        var builder = new GraphBuilder<float>();
        var tied = builder.Parameter("tied", new Shape(4, 3), Initializer.GlorotUniform, 4, 3);
        var code = builder.Data("x", new Shape(2, 4)).MatMul(tied, "code").Tanh("tanh");
        var graph = builder.Build(code.Apply("Gemm", [tied], PcActors.Functions.Attributes.Of(("transB", 1)), "out"));
        var unit = Refinement.Refine(graph, Granularity.Unit);
        Assert.Equal(graph.Vertices.Select(v => v.Name), unit.Vertices.Select(v => v.Name));
        var refusal = Assert.Throws<GraphException>(() => Refinement.Refine(graph, Granularity.Scalar));
        Assert.Equal("code", refusal.Vertex);
    }

    [Theory]
    [InlineData("cnn", "conv1")]
    [InlineData("resnet18", "stem")]
    [InlineData("transformer", "reshape")]
    public void In_scalars_what_does_not_come_apart_is_refused_by_name(string model, string vertex)
    {
        var refusal = Assert.Throws<GraphException>(
            () => Refinement.Refine(SmallModels.Build<float>(model, 2), Granularity.Scalar));
        Assert.StartsWith(vertex, refusal.Vertex, StringComparison.Ordinal);
        Assert.Contains($"'{refusal.Vertex}'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("does not come apart", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Too_many_vertices_are_refused_with_their_number(string model, Granularity granularity)
    {
        var graph = SmallModels.Build<float>(model, 2);
        var levelled = Levelling.Level(Refinement.Refine(graph, granularity));
        var count = levelled.Vertices.Count;
        Assert.Equal(count, Levelling.Level(Refinement.Refine(graph, granularity, count)).Vertices.Count);
        var refusal = Assert.Throws<GraphException>(() => Refinement.Refine(graph, granularity, count - 1));
        Assert.Contains(count.ToString("#,0", CultureInfo.InvariantCulture), refusal.Message, StringComparison.Ordinal);
        // The first count is made before anything is built, and is what is built.
        var early = Assert.Throws<GraphException>(() => Refinement.Refine(graph, granularity, 10));
        var built = (count - levelled.IdentityCount).ToString("#,0", CultureInfo.InvariantCulture);
        Assert.Contains($"would have {built} vertices;", early.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Messages_are_those_of_the_forecast(string model, Granularity granularity)
    {
        var graph = Levelling.Level(Refinement.Refine(SmallModels.Build<float>(model, 2), granularity));
        // How many messages there are of the finest graphs is the same under the other clock, as of coarser ones.
        var isFinest = granularity == Granularity.Scalar;
        foreach (var clock in isFinest ? [Clock.Wavefront] : new[] { Clock.Wavefront, Clock.Lockstep })
        {
            var forecast = MessageForecast.Of(graph, LearningRule.Zil, microBatches: 2);
            var network = new Trial { Clock = clock, MicroBatches = 2 }.Network(graph);
            network.Step(RandomBatch.Create(graph, Loss.CrossEntropy, 2, 1));
            Assert.Equal(new MessageCounts(forecast.ValuesPerStep, forecast.ErrorsPerStep), network.Sent);
        }
    }

    private static string[] InputNames(Graph<float> graph, string vertex) =>
        [.. graph.Inputs(graph.Find(vertex).Id).Select(e => graph.Vertices[e.From].Name)];

    private static void AssertSameUpdates(Graph<double> graph, Graph<double> refined, ulong seed)
    {
        var (whole, parts) = (Reference(graph), Reference(refined));
        var batch = RandomBatch.Create(graph, Loss.CrossEntropy, 1, seed);
        for (var step = 0; step < 3; step++)
        {
            var loss = whole.Step(batch);
            Assert.Equal(loss, parts.Step(RandomBatch.Create(refined, Loss.CrossEntropy, 1, seed)),
                1e-10 * (1 + Math.Abs(loss)));
        }
        var joined = Parameters.Join(refined, parts.Parameter).ToDictionary(p => p.Name, p => p.Value);
        foreach (var (name, expected) in Parameters.Join(graph, whole.Parameter))
        {
            var found = joined[name];
            Assert.Equal(expected.Shape, found.Shape);
            for (var i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(expected.Span[i] - found.Span[i]) <= 1e-9 * (1 + Math.Abs(expected.Span[i])),
                    $"seed {seed}: {name}[{i}]");
        }
    }

    private static Backpropagation<T> Reference<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(graph, Loss.CrossEntropy, new Sgd(0.01));
}
