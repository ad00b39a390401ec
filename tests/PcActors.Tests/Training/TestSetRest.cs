using PcActors.Data;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Training;

namespace PcActors.Tests.Training;

/// <summary>The samples that a test set has beyond whole batches: nothing of other samples is in their
/// predictions where it can be so, and else it is said.</summary>
public class TestSetRest
{
    private const int Features = 3;
    private const int Classes = 4;

    [Theory]
    [InlineData(4, 1, 6)]
    [InlineData(4, 1, 1)]
    [InlineData(2, 4, 13)]
    [InlineData(6, 2, 15)]
    public async Task Moments_are_over_the_rest_alone_where_it_divides_a_micro_batch(int rows, int microBatches,
        int samples)
    {
        var (data, notices) = (Samples(samples), new List<string>());
        var network = new Listening(await StartAsync(Normalizing(rows), microBatches));
        await new TrainingLoop<float>(network, new DataSplit<float>(Samples(rows * microBatches), data),
            Options(notices)).TestAccuracyAsync();
        Assert.Empty(notices);
        // A network whose batch is the rest says what is right.
        for (var start = 0; start < samples; start += rows)
        {
            var count = Math.Min(rows, samples - start);
            await using var own = await StartAsync(Normalizing(count), 1);
            var batch = own.NewBatch();
            data.Features.Rows(start, count).Span.CopyTo(batch.Inputs[0].Writable);
            var expected = (await own.PredictAsync(batch)).Span.ToArray();
            var found = network.Predictions.SelectMany(p => p.Span.ToArray()).Skip(start * Classes)
                .Take(count * Classes);
            Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        }
    }

    [Fact]
    public async Task Where_it_does_not_the_vertex_is_named_once()
    {
        Assert.Equal(
            "the last 3 of 7 samples do not fill a batch of 4, and at the vertex 'mixed' the prediction for a sample "
            + "depends on those beside it: " +
            "the batch is filled up by repeating these 3; a batch size that 3 divides would be exact",
            Assert.Single(await NoticesAsync(Mixing())));
        // Running statistics are no other sample's.
        Assert.Empty(await NoticesAsync(Normalizing(4)));
    }

    [Fact]
    public async Task Any_operator_across_samples_is_found()
    {
        Assert.Contains("'mixed'", Assert.Single(await NoticesAsync(Mixing())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scale_that_is_0_before_training_hides_nothing()
    {
        var builder = new GraphBuilder<float>(1);
        var hidden = builder.Data("x", new Shape(4, Features)).Dense("hidden", 5);
        var mixed = hidden.Apply("Softmax", [], Attributes.Of(("axis", 0)), "mixed");
        var scaled = mixed.Multiply(builder.Parameter("scale", new Tensor<float>(new Shape(5))));
        Assert.Contains("'mixed'", Assert.Single(await NoticesAsync(builder.Build(scaled.Dense("out", Classes)))),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cycle_that_mixes_samples_is_found()
    {
        // Samples meet only on the way back, and a first sweep from zeros shows nothing of it.
        var builder = new GraphBuilder<float>(1);
        builder.Data("x", new Shape(4, Features));
        foreach (var (name, shape) in new[] { ("up", new Shape(Features, 5)), ("out", new Shape(5, Classes)) })
            builder.Parameter(name, shape, Initializer.Constant(0.5), 1, 1);
        builder.Declare("risen", "MatMul", ["x", "up"]);
        builder.Declare("sum", "Add", ["risen", "mixed"]);
        builder.Declare("hidden", "Tanh", ["sum"], isLatent: true, shape: new Shape(4, 5));
        builder.Declare("mixed", "Softmax", ["hidden"], Attributes.Of(("axis", 0)), isLatent: true,
            shape: new Shape(4, 5));
        builder.Declare("root", "MatMul", ["hidden", "out"]);
        var graph = builder.Build();
        Assert.True(graph.HasCycles);
        Assert.Contains("'mixed'", Assert.Single(await NoticesAsync(graph)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Samples_that_do_not_meet_are_no_reason_for_a_notice()
    {
        var builder = new GraphBuilder<float>(1);
        var hidden = builder.Data("x", new Shape(4, Features)).Dense("hidden", 4).Tanh();
        // A square that is turned has rows which are no samples.
        var turned = hidden.Apply("Transpose", [], Attributes.Empty, "turned").Tanh()
            .Apply("Transpose", [], Attributes.Empty, "back");
        Assert.Empty(await NoticesAsync(builder.Build(turned.Dense("out", Classes))));
    }

    private static async Task<List<string>> NoticesAsync(Graph<float> graph)
    {
        var notices = new List<string>();
        await using var network = await StartAsync(graph, 1);
        var loop = new TrainingLoop<float>(network, new DataSplit<float>(Samples(8), Samples(7)), Options(notices));
        await loop.TestAccuracyAsync();
        await loop.TestAccuracyAsync();
        return notices;
    }

    private static TrainingOptions Options(List<string> notices) => new()
    {
        Notice = notices.Add,
        Standardize = StandardizationKind.None,
    };

    private static Task<Network<float>> StartAsync(Graph<float> graph, int microBatches) =>
        Network<float>.StartAsync(graph,
            new NetworkOptions
            {
                Where = graph.HasCycles ? new InProcess() : new Reference(),
                Rule = graph.HasCycles ? LearningRule.Il(3, 0.1) : LearningRule.Zil,
                MicroBatches = microBatches,
                Optimizer = new Sgd(0.1),
            });

    /// <summary>The same parameters for any number of rows.</summary>
    private static Graph<float> Mixing()
    {
        var builder = new GraphBuilder<float>(1);
        var hidden = builder.Data("x", new Shape(4, Features)).Dense("hidden", 5);
        return builder.Build(hidden.Apply("Softmax", [], Attributes.Of(("axis", 0)), "mixed").Dense("out", Classes));
    }

    private static Graph<float> Normalizing(int rows)
    {
        var builder = new GraphBuilder<float>(1);
        Node<float> Constant(string name, float value) =>
            builder.Constant(name, Tensor<float>.From(new Shape(5), [value, value, value, value, value]));
        var hidden = builder.Data("x", new Shape(rows, Features)).Dense("hidden", 5);
        var normal = hidden.Apply(
            "BatchNormalization", [Constant("scale", 1), Constant("bias", 0), Constant("mean", 0), Constant("var", 1)],
            Attributes.Of(("training_mode", 1), ("epsilon", 0.1)), "norm");
        return builder.Build(normal.Dense("out", Classes));
    }

    private static Dataset<float> Samples(int count)
    {
        var random = new SeededRandom(9, "samples");
        var features = new Tensor<float>(new Shape(count, Features));
        foreach (ref var feature in features.Writable) feature = (float)random.NextDouble();
        return new Dataset<float>("samples", features, [.. Enumerable.Range(0, count).Select(i => i % Classes)],
            Classes);
    }

    /// <summary>Keeps what is predicted.</summary>
    private sealed class Listening(Network<float> network) : INetwork<float>
    {
        public List<Tensor<float>> Predictions { get; } = [];

        public Graph<float> Graph => network.Graph;

        public Graph<float> RunGraph => network.RunGraph;

        public Loss Loss => network.Loss;

        public Batch<float> NewBatch() => network.NewBatch();

        public Task<Inference<float>> InferAsync(
            IReadOnlyDictionary<string, Clamp<float>> clamps, IReadOnlyList<string> reads) =>
            network.InferAsync(clamps, reads);

        public Task<StepResult> StepAsync(Batch<float> batch) => network.StepAsync(batch);

        public async Task<Tensor<float>> PredictAsync(Batch<float> batch)
        {
            Predictions.Add(await network.PredictAsync(batch));
            return Predictions[^1];
        }

        public Task<IReadOnlyList<NamedTensor<float>>> ParametersAsync() => network.ParametersAsync();

        public Task<NetworkSnapshot<float>> SnapshotAsync() => network.SnapshotAsync();

        public Task<MessageCounts> CountMessagesAsync() => network.CountMessagesAsync();

        public ValueTask DisposeAsync() => network.DisposeAsync();
    }
}
