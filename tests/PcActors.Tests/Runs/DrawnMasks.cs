using PcActors.Cluster;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Testing;
using PcActors.Tests.Cluster;
using PcActors.Tests.Learning;

namespace PcActors.Tests.Runs;

/// <summary>Dropout in training: another mask at each step, in each micro-batch and vertex; the same
/// one by every rule and in every place; none in predictions.</summary>
public class DrawnMasks
{
    private const int MicroBatches = 2;

    [Fact]
    public async Task Every_place_and_clock_and_a_resumption_draw_what_backpropagation_draws()
    {
        var expected = await TrainAsync(new Reference(), null, seed: 3);
        foreach (var clock in new Clock?[] { Clock.Wavefront, Clock.Lockstep })
        {
            Assert.Equal(expected, await TrainAsync(new InProcess { Threads = 2 }, clock, seed: 3));
            Assert.Equal(expected, await TrainAsync(new InProcess(), clock, seed: 3, resumeAt: 2));
        }
        Assert.Equal(expected, await TrainAsync(new Reference(), null, seed: 3, resumeAt: 1));
        Assert.NotEqual(expected, await TrainAsync(new Reference(), null, seed: 4));
    }

    [Fact]
    public async Task Nodes_and_a_resumption_on_them_draw_what_backpropagation_draws()
    {
        var expected = await TrainAsync(new Reference(), null, seed: 3);
        await using var cluster = await LocalCluster.StartAsync(2);
        foreach (var clock in new Clock?[] { Clock.Wavefront, Clock.Lockstep })
        {
            foreach (var resumeAt in new[] { -1, 2 })
            {
                var nodes = new OnNodes(cluster.Coordinator) { Nodes = 2, SnapshotEvery = 2 };
                Assert.Equal(expected, await TrainAsync(nodes, clock, seed: 3, resumeAt));
            }
        }
    }

    [Theory]
    [InlineData(Clock.Wavefront, true)]
    [InlineData(Clock.Wavefront, false)]
    [InlineData(Clock.Lockstep, true)]
    [InlineData(Clock.Lockstep, false)]
    public async Task A_step_that_is_tried_again_draws_the_same_again(Clock clock, bool isError)
    {
        var expected = await TrainAsync(new Reference(), null, seed: 3);
        var struck = 0;
        // In step 2, once.
        Fate FateOf(object message) => (message switch
        {
            ErrorMessage<float> error when isError => error.Step,
            ValueMessage<float> value when !isError => value.Step,
            _ => default(StepId?),
        }) is { Step: 2, Run: 1 } && Interlocked.Increment(ref struck) == 5 ? Fate.IsLost : Fate.Arrives;
        await using var system = new DisposableSystem(FaultyMailbox.CreateSystem(FateOf));
        var place = new InProcess { ActorSystem = system.System, VertexMailbox = FaultyMailbox.Path };
        var attempts = new List<int>();
        var options = Options(place, clock, seed: 3) with
        {
            StepTimeout = TimeSpan.FromMilliseconds(400),
            MaxRetries = 1_000,
        };
        Assert.Equal(expected, await TrainAsync(options, resumeAt: -1, attempts));
        Assert.True(attempts[1] > 1);
    }

    [Fact]
    public async Task A_prediction_drops_nothing_and_draws_nothing()
    {
        foreach (var place in new NetworkPlace[] { new Reference(), new InProcess() })
        {
            await using var network = await Network<float>.StartAsync(Graph(0.5), Options(place, null, 3));
            await using var whole = await Network<float>.StartAsync(Graph(0), Options(place, null, 3));
            var batch = RandomBatch.Create(network.Graph, Loss.CrossEntropy, MicroBatches, 1);
            Assert.Equal((await whole.PredictAsync(batch)).Span.ToArray(),
                (await network.PredictAsync(batch)).Span.ToArray());
        }
    }

    [Fact]
    public async Task Steps_and_micro_batches_and_vertices_differ()
    {
        // Without learning the loss of the same batch changes with the mask alone.
        await using var network = await Network<float>.StartAsync(
            Graph(0.5), Options(new Reference(), null, 3) with { Optimizer = new Sgd(1e-30), MicroBatches = 1 });
        var batch = RandomBatch.Create(network.Graph, Loss.CrossEntropy, 1, 1);
        var losses = new HashSet<double>();
        for (var step = 0; step < 8; step++) losses.Add((await network.StepAsync(batch)).Loss);
        Assert.Equal(8, losses.Count);
    }

    [Fact]
    public async Task A_mask_is_that_which_its_dropout_drew()
    {
        foreach (var clock in new Clock?[] { null, Clock.Lockstep })
        {
            foreach (var place in new NetworkPlace[] { new Reference(), new InProcess() })
            {
                // What is dropped is taken away where the mask says so, and nothing is left to be wrong about.
                var (together, apart) = (Options(place, clock, 3), Options(place, clock, 3));
                Assert.All(await LossesAsync(together, "drop"), loss => Assert.Equal(0, loss));
                Assert.All(await LossesAsync(apart, null), loss => Assert.NotEqual(0, loss));
            }
        }

        static async Task<List<double>> LossesAsync(NetworkOptions options, string? drop)
        {
            var builder = new GraphBuilder<float>(1);
            var hidden = builder.Data("x", new Shape(3, 5)).Dense("hidden", 8);
            var dropped = hidden.Apply("Dropout", [], Attributes.Of(("training_mode", 1)), "drop");
            var mask = hidden.Apply("Dropout:mask", [], Attributes.Of(("training_mode", 1), ("draws", drop)), "mask");
            await using var network = await Network<float>.StartAsync(
                builder.Build(dropped.Subtract(dropped.Multiply(mask, "kept"), "left")),
                options with { Loss = Loss.SquaredError });
            var losses = new List<double>();
            for (var step = 0; step < 4; step++)
            {
                var batch = RandomBatch.Create(network.Graph, Loss.SquaredError, MicroBatches, (ulong)step);
                batch.Target.Writable.Clear();
                losses.Add((await network.StepAsync(batch)).Loss);
                // In a prediction all is kept.
                Assert.All((await network.PredictAsync(batch)).Span.ToArray(), left => Assert.Equal(0, left));
            }
            return losses;
        }
    }

    private static Graph<float> Graph(double ratio)
    {
        var builder = new GraphBuilder<float>(1);
        Node<float> Drop(Node<float> x, string name) =>
            x.Apply("Dropout", [], Attributes.Of(("ratio", ratio), ("training_mode", 1)), name);
        var hidden = Drop(builder.Data("x", new Shape(3, 5)).Dense("hidden", 8).Tanh(), "drop1");
        // Read at two levels, so that levelling puts an identity behind it.
        return builder.Build((Drop(hidden.Dense("next", 8), "drop2") + hidden).Dense("out", 3));
    }

    private static NetworkOptions Options(NetworkPlace place, Clock? clock, ulong seed) => new()
    {
        Where = place,
        Clock = clock,
        Seed = seed,
        MicroBatches = MicroBatches,
        Optimizer = new Momentum(0.1),
    };

    private static Task<string> TrainAsync(NetworkPlace place, Clock? clock, ulong seed, int resumeAt = -1) =>
        TrainAsync(Options(place, clock, seed), resumeAt);

    private static async Task<string> TrainAsync(NetworkOptions options, int resumeAt, List<int>? attempts = null)
    {
        var graph = Graph(0.5);
        var network = await Network<float>.StartAsync(graph, options);
        for (var step = 0; step < 4; step++)
        {
            var batch = RandomBatch.Create(graph, Loss.CrossEntropy, MicroBatches, (ulong)step);
            if (step == resumeAt)
            {
                var snapshot = await network.SnapshotAsync();
                await network.DisposeAsync();
                network = await Network<float>.StartAsync(graph, options, snapshot);
            }
            // A prediction in between takes nothing from the masks of steps.
            if (step == 1) await network.PredictAsync(batch);
            var result = await network.StepAsync(batch);
            attempts?.Add(result.Attempts);
        }
        await using (network) return Parameters.Sha256(await network.ParametersAsync());
    }
}
