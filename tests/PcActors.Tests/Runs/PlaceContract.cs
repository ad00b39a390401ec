using PcActors.Cluster;
using PcActors.Extensions;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Testing;
using PcActors.Tests.Cluster;
using PcActors.Tests.Learning;
using PcActors.Tracing;

namespace PcActors.Tests.Runs;

/// <summary>One script for every place where a network can run: every answer is the same, be it a
/// value, a number or an error. The reference says which, and the closed form how many messages there are.</summary>
public sealed class PlaceContract(PlaceContract.TwoWorkers cluster) : IClassFixture<PlaceContract.TwoWorkers>
{
    private const int MicroBatches = 2;

    static PlaceContract() => Catalogues.Register(Failing<float>.Described);

    /// <summary>The places that are compared with the reference. A further one is a further line.</summary>
    public static TheoryData<string> Places =>
        ["threads", "pool", "lockstep", "recorded", "recorded lockstep", "nodes", "nodes lockstep", "nodes recorded"];

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Steps_predictions_and_the_end(string place)
    {
        var graph = ResidualStack.Build<float>(2);
        Assert.Equal(await OrdinaryAsync(graph, Options("reference")), await OrdinaryAsync(graph, Options(place)));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_divergence(string place)
    {
        Assert.Equal(await DivergingAsync(Options("reference"), null), await DivergingAsync(Options(place), null));
        // Its number goes on after a resumption.
        var start = new NetworkSnapshot<float>(
            40, Growing().Parameters.ToDictionary(v => v.Name, v => new ParameterSnapshot<float>(v.Initial!, 0, [])),
            new MessageCounts(0, 0));
        var resumed = await DivergingAsync(Options(place), start);
        Assert.Equal(await DivergingAsync(Options("reference"), start), resumed);
        Assert.Contains(resumed,
            line =>
                line.Contains("diverged at step 42: the first vertex with a value that is not finite is 'exp'",
                    StringComparison.Ordinal));
    }

    [Theory]
    [Trait("Suite", "Long")]
    [MemberData(nameof(Places))]
    public async Task Inferences(string place)
    {
        foreach (var rule in new[] { "il:tolerance=0.001", "ipc", "epc", "pc-alm", "langevin" })
        {
            var here = await InferringAsync(Options("pool"), rule);
            Assert.Equal(here, await InferringAsync(Options(place), rule));
            Assert.Equal(3, here.Count(a => a.StartsWith("infer: ", StringComparison.Ordinal)
                && a.Contains("hidden ", StringComparison.Ordinal)));
        }
        var diverging = await DivergingInferenceAsync(Options("pool"));
        Assert.Equal(diverging, await DivergingInferenceAsync(Options(place)));
        Assert.StartsWith("infer: InferenceDivergedException inference diverged at ", diverging[0],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reference_refuses_an_inference()
    {
        var plain = Clamped().With(v => v with { IsFree = false });
        var script = await NetworkScript.StartAsync(plain, Options("reference") with { Loss = Loss.SquaredError });
        await script.InferAsync(ClampsOf(1), "hidden");
        Assert.Contains("values do not settle", Assert.Single(script.Answers), StringComparison.Ordinal);
        await script.EndAsync();
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_vertex_that_throws(string place)
    {
        // In a step, in a prediction, and in a step behind others that are under way.
        foreach (var prediction in new[] { 1, 2, 3, 4 })
            Assert.Equal(await ThrowingAsync(Options("reference"), prediction),
                await ThrowingAsync(Options(place), prediction));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task An_end_while_steps_are_pending(string place)
    {
        var network = await Network<float>.StartAsync(ResidualStack.Build<float>(2), Options(place));
        var batch = RandomBatch.Create(network.Graph, Loss.CrossEntropy, MicroBatches, 1);
        // More than could be made while the end is waited for.
        var steps = Enumerable.Range(0, 20_000).Select(_ => network.StepAsync(batch)).ToList();
        var parameters = network.ParametersAsync();
        await network.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(90));
        var all = Task.WhenAll([.. steps, parameters]);
        await Assert.ThrowsAsync<RunFailedException>(() => all.WaitAsync(NetworkScript.Patience));
        var errors = all.Exception!.InnerExceptions.ToHashSet();
        Assert.Equal("the run was stopped", Assert.IsType<RunFailedException>(Assert.Single(errors)).Message);
        await Assert.ThrowsAsync<RunFailedException>(() => parameters);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_end_while_a_message_is_lost_for_good(bool isRecorded)
    {
        await using var system = new DisposableSystem(FaultyMailbox.CreateSystem(_ => Fate.IsLost, isRecorded));
        var network = await Network<float>.StartAsync(ResidualStack.Build<float>(2),
            Options(isRecorded ? "recorded" : "pool") with
            {
                StepTimeout = TimeSpan.FromMinutes(10),
                Where = new InProcess { ActorSystem = system.System, VertexMailbox = FaultyMailbox.Path },
            });
        var step = network.StepAsync(RandomBatch.Create(network.Graph, Loss.CrossEntropy, MicroBatches, 1));
        await network.DisposeAsync().AsTask().WaitAsync(NetworkScript.Patience);
        Assert.Equal("the run was stopped", (await Assert.ThrowsAsync<RunFailedException>(() => step)).Message);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task What_cannot_be_a_batch(string place)
    {
        var graph = ResidualStack.Build<float>(1);
        Assert.Equal(await MisusedAsync(graph, Options("reference")), await MisusedAsync(graph, Options(place)));
    }

    [Theory]
    [InlineData("reference")]
    [MemberData(nameof(Places))]
    public async Task A_snapshot_holds_the_steps_before_it_whoever_asks_for_others_meanwhile(string place)
    {
        var graph = ResidualStack.Build<float>(1);
        var options = Options(place);
        await using var network = await Network<float>.StartAsync(graph, options);
        var forecast = options.Where is Reference
            ? new MessageForecast(0, 0, 0)
            : MessageForecast.Of(network.RunGraph, options.Rule, MicroBatches);
        var batch = RandomBatch.Create(graph, options.Loss, MicroBatches, 1);
        var steps = Task.Run(async () =>
        {
            for (var step = 0; step < 40; step++) await network.StepAsync(batch);
        });
        do
        {
            var (step, states, messages) = await network.SnapshotAsync().WaitAsync(NetworkScript.Patience);
            Assert.Equal(new MessageCounts(forecast.ValuesPerStep * step, forecast.ErrorsPerStep * step), messages);
            Assert.All(states.Values, state => Assert.Equal(step, state.Updates));
        }
        while (!steps.IsCompleted);
        await steps.WaitAsync(NetworkScript.Patience);
    }

    [Theory]
    [InlineData("reference")]
    [MemberData(nameof(Places))]
    public async Task What_cannot_begin_is_refused_and_its_recording_closed_once(string place)
    {
        var graph = ResidualStack.Build<float>(1);
        await using var other =
            await Network<float>.StartAsync(ResidualStack.Build<float>(2), Options("reference") with { Seed = 3 });
        await other.StepAsync(RandomBatch.Create(other.Graph, Loss.CrossEntropy, MicroBatches, 1));
        var snapshot = await other.SnapshotAsync();
        var options = Options(place);
        await RefusedAsync(options with { MicroBatches = 0 },
            "MicroBatches ('0') must be greater than or equal to '1'");
        await RefusedAsync(options with { MaxRetries = -1 }, "MaxRetries ('-1') must be a non-negative value");
        await RefusedAsync(options with { StepTimeout = TimeSpan.Zero }, "the step timeout must be positive");
        await RefusedAsync(options with { Seed = 4 },
            "the snapshot is of a network with the seed 3, and the seed 4 is given", snapshot);
        await RefusedAsync(options with { Seed = 3, Optimizer = new Sgd(1) },
            "has 2 tensors of an optimizer; sgd has 0", snapshot);
        await RefusedAsync(options with { Seed = 3 }, "there is no state of the parameter 'bias1'", snapshot with
        {
            States = snapshot.States.Where(s => s.Key != "bias1").ToDictionary(),
        });
        if (options.Where is Reference)
            await RefusedAsync(options with { Recording = NewRecording() }, "the reference sends no messages");
        if (options.Where is InProcess)
            await RefusedAsync(options with { Where = new InProcess { Threads = -1 } }, "Threads ('-1')");
        if (options.Where is not OnNodes nodes) return;
        await RefusedAsync(options with { Where = new OnNodes(nodes.Node) { SnapshotEvery = 0 } },
            "SnapshotEvery ('0')");
        await RefusedAsync(options with { Where = new OnNodes(nodes.Node) { Nodes = 900 } },
            "900 nodes are more than the graph's");
        await RefusedAsync(
            options with { Where = new OnNodes(nodes.Node) { Nodes = 3, Patience = TimeSpan.FromSeconds(1) } },
            "2 of 3 worker nodes are there");

        async Task RefusedAsync(NetworkOptions refused, string message, NetworkSnapshot<float>? start = null)
        {
            if (options.Recording is not null) refused = refused with { Recording = NewRecording() };
            var error = await Assert.ThrowsAnyAsync<Exception>(
                () => Network<float>.StartAsync(graph, refused, start).WaitAsync(NetworkScript.Patience));
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
            if (refused.Recording is not TraceRecording { Options.Output: CountedStream output }) return;
            Assert.Equal(1, output.Closings);
        }
    }

    private static TraceRecording NewRecording() => new(new TraceOptions { Output = new CountedStream() });

    private NetworkOptions Options(string place) => new()
    {
        Optimizer = new Adam(0.01),
        MicroBatches = MicroBatches,
        Seed = 3,
        Clock = place.Contains("lockstep", StringComparison.Ordinal) ? Clock.Lockstep : null,
        Recording = place.Contains("recorded", StringComparison.Ordinal) ? NewRecording() : null,
        Where = place.Split(' ')[0] switch
        {
            "reference" => new Reference(),
            "threads" => new InProcess { Threads = 2 },
            "nodes" => new OnNodes(cluster.Cluster.Coordinator) { Nodes = 2, SnapshotEvery = 2 },
            _ => new InProcess(),
        },
    };

    private static async Task<List<string>> OrdinaryAsync(Graph<float> graph, NetworkOptions options)
    {
        var script = await NetworkScript.StartAsync(graph, options);
        await script.PredictAsync(9);
        await script.StepAsync(0);
        await script.ParametersAsync();
        await script.CountAsync();
        await script.PredictAsync(9);
        await script.PredictAsync(8);
        await script.StepAsync(1);
        // Several may wait at once.
        await Task.WhenAll(script.StepAsync(2), script.PredictAsync(7), script.StepAsync(3), script.ParametersAsync());
        var snapshot = await script.SnapshotAsync();
        await script.StepAsync(4);
        await script.EndAsync();
        // Another one goes on from there.
        var resumed = await NetworkScript.StartAsync(graph,
            options with { Recording = options.Recording is null ? null : NewRecording() }, snapshot);
        await resumed.ParametersAsync();
        await resumed.CountAsync();
        await resumed.StepAsync(4);
        await resumed.SnapshotAsync();
        await resumed.EndAsync();
        foreach (var played in new[] { script, resumed })
            Assert.Null((played.Options.Recording as TraceRecording)?.Failure);
        return [.. script.Answers, .. resumed.Answers];
    }

    private static async Task<List<string>> InferringAsync(NetworkOptions options, string rule)
    {
        var script = await NetworkScript.StartAsync(Clamped(), options with
        {
            Rule = Catalogues.Rules.Parse(rule),
            Clock = null,
            Loss = Loss.SquaredError,
            WithEnergies = true,
        });
        await script.InferAsync(ClampsOf(1), "hidden", "y", "out");
        await script.StepAsync(2);
        // What is drawn at random is another each time; several may wait at once.
        await Task.WhenAll(script.InferAsync(ClampsOf(1), "hidden"), script.PredictAsync(3),
            script.InferAsync(ClampsOf(1), "hidden"), script.CountAsync());
        await script.InferAsync(ClampsOf(1));
        await script.InferAsync(new Dictionary<string, Clamp<float>>(), "hidden");
        await script.SnapshotAsync();
        await script.CountAsync();
        await script.EndAsync();
        return script.Answers;
    }

    private static async Task<List<string>> DivergingInferenceAsync(NetworkOptions options)
    {
        var script = await NetworkScript.StartAsync(Clamped(), options with
        {
            Rule = LearningRule.Il(50, 1e30),
            Clock = null,
            Loss = Loss.SquaredError,
        });
        await script.InferAsync(ClampsOf(1), "hidden");
        await script.EndAsync();
        return script.Answers;
    }

    /// <summary>A clamped leaf, a free one that is clamped in part, and a root that is.</summary>
    private static Dictionary<string, Clamp<float>> ClampsOf(float scale) => new(StringComparer.Ordinal)
    {
        ["x"] = new(Filled(3, i => i * scale / 10)),
        ["y"] = new(Filled(2, i => i / 5f), Filled(2, i => i % 2)),
        ["out"] = new(Filled(2, i => -i / 7f), Filled(2, i => (i + 1) % 2)),
    };

    private static Tensor<float> Filled(int units, Func<int, float> value)
    {
        var tensor = new Tensor<float>(new Shape(2 * MicroBatches, units));
        for (var i = 0; i < tensor.Length; i++) tensor.Writable[i] = value(i);
        return tensor;
    }

    private static Graph<float> Clamped()
    {
        var builder = new GraphBuilder<float>(1);
        var both = builder.Data("x", new Shape(2, 3)).Concat(1, builder.Data("y", new Shape(2, 2), isFree: true));
        return builder.Build(both.Dense("h", 4).Tanh("hidden").Latent().Dense("out", 2));
    }

    private static async Task<List<string>> DivergingAsync(NetworkOptions options, NetworkSnapshot<float>? start)
    {
        var script = await NetworkScript.StartAsync(Growing(),
            options with { Loss = Loss.SquaredError, Optimizer = new Sgd(1_000) }, start);
        for (var step = 0UL; step < 3; step++)
        {
            await script.PredictAsync(step);
            await script.StepAsync(step);
        }
        await script.EndAsync();
        return script.Answers;
    }

    private static async Task<List<string>> ThrowingAsync(NetworkOptions options, int predictionThatThrows)
    {
        var builder = new GraphBuilder<float>(1);
        var h = builder.Data("x", new Shape(2, 3)).Dense("h", 3);
        var graph = builder.Build(
            h.Apply("Failing", [], Attributes.Of(("at", (long)predictionThatThrows)), "bad").Dense("out", 2));
        var script = await NetworkScript.StartAsync(graph, options with { MicroBatches = 1 });
        await script.StepAsync(0);
        await script.PredictAsync(0);
        await Task.WhenAll(script.StepAsync(1), script.StepAsync(2), script.SnapshotAsync());
        await script.EndAsync();
        Assert.Contains(script.Answers,
            a => a.Contains("the vertex 'bad' failed at ", StringComparison.Ordinal)
                && a.Contains("not today", StringComparison.Ordinal));
        return script.Answers;
    }

    private static async Task<List<string>> MisusedAsync(Graph<float> graph, NetworkOptions options)
    {
        var script = await NetworkScript.StartAsync(graph, options);
        var builder = new GraphBuilder<float>();
        var other = builder.Build(builder.Data("x", new Shape(7, 5)).Dense("out", 2));
        await script.StepAsync(0);
        foreach (var batch in new[] { null!, new Batch<float>(other, Loss.CrossEntropy, MicroBatches),
            new Batch<float>(graph, Loss.CrossEntropy, MicroBatches + 1) })
        {
            await script.StepAsync(batch);
            await script.PredictAsync(batch);
        }
        // It was no harm.
        await script.StepAsync(1);
        await script.EndAsync();
        Assert.Equal(6, script.Answers.Count(a => a.Contains(": Argument", StringComparison.Ordinal)));
        return script.Answers;
    }

    /// <summary>The sum of exp g and exp -g, whose least value is above any target: a large step from g = 0.5
    /// goes so far beyond 0 that exp -g fits no float any more.</summary>
    private static Graph<float> Growing()
    {
        var builder = new GraphBuilder<float>(1);
        var cleared = builder.Data("x", new Shape(2, 3))
            .Multiply(builder.Constant("zero", Tensor<float>.Scalar(0)), "cleared");
        var growing = builder.Parameter("growing", Tensor<float>.Scalar(0.5f));
        return builder.Build(
            cleared.Subtract(growing, "difference").Exp("exp")
                .Add(cleared.Add(growing, "sum").Exp("vanishing"), "out"));
    }

    /// <summary>A cluster of two workers, for all the tests.</summary>
    public sealed class TwoWorkers : IAsyncLifetime
    {
        internal LocalCluster Cluster { get; private set; } = null!;

        /// <inheritdoc/>
        public async Task InitializeAsync() => Cluster = await LocalCluster.StartAsync(2);

        /// <inheritdoc/>
        public async Task DisposeAsync() => await Cluster.DisposeAsync();
    }

    /// <summary>Counts how often it is closed.</summary>
    private sealed class CountedStream : MemoryStream
    {
        public int Closings { get; private set; }

        protected override void Dispose(bool disposing)
        {
            Closings++;
            base.Dispose(disposing);
        }
    }

    /// <summary>Passes its input on until a prediction throws; on a node, too.</summary>
    private sealed class Failing<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        private readonly long _at = settings.Integer("at");
        private int _predictions;

        public static Operator Described { get; } = new("Failing",
            typeof(Failing<>))
        { Attributes = [OperatorAttribute.Integer("at")] };

        public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
        {
            if (++_predictions >= _at) throw new InvalidOperationException("not today");
            inputs[0].Span.CopyTo(prediction.Writable);
        }

        public override void PullBack(int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error,
            Tensor<T> result) =>
            error.Span.CopyTo(result.Writable);
    }
}
