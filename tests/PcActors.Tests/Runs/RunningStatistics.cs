using System.Numerics;
using PcActors.Cluster;
using PcActors.Data;
using PcActors.Extensions;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
using PcActors.Onnx;
using PcActors.Onnx.Schema;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Testing;
using PcActors.Tests.Cluster;
using PcActors.Tests.Data;
using PcActors.Tests.Learning;
using PcActors.Tests.Onnx;
using PcActors.Tests.Tracing.Audit;
using PcActors.Tracing.Audit.Recomputing;
using PcActors.Weights;

namespace PcActors.Tests.Runs;

/// <summary>Closed form: running statistics of a batch normalization in training move once a committed step, with the
/// same bits in every place; predictions are made with them.</summary>
public class RunningStatistics
{
    private const int Channels = 3;
    private const int Rows = 4;
    private const double Momentum = 0.7;
    private const double Epsilon = 1e-3;

    [Theory]
    [InlineData(1, "zil")]
    [InlineData(2, "zil")]
    [InlineData(1, "il")]
    [InlineData(2, "ipc")]
    public async Task They_follow_the_closed_form_under_every_rule(int microBatches, string rule)
    {
        var options = Options(new InProcess(), Clock.Lockstep, microBatches) with
        {
            Rule = rule switch
            {
                "il" => LearningRule.Il(3, 0.1),
                "ipc" => Catalogues.Rules.Find("ipc").Create(("inferenceSteps", 3), ("inferenceRate", 0.1)),
                _ => LearningRule.Zil,
            },
        };
        var graph = Graph<double>(atInput: true);
        var (mean, variance) = (new double[Channels], Enumerable.Repeat(1.0, Channels).ToArray());
        await using var network = await Network<double>.StartAsync(graph, options);
        for (var step = 0; step < 3; step++)
        {
            var batch = RandomBatch.Create(graph, Loss.SquaredError, microBatches, (ulong)step);
            await network.StepAsync(batch);
            for (var c = 0; c < Channels; c++)
            {
                double Mean(Func<double[], double> of) => Enumerable.Range(0, microBatches).Average(m =>
                    of([.. Enumerable.Range(0, Rows).Select(r => batch.Input(0, m).Span[(r * Channels) + c])]));
                mean[c] = (Momentum * mean[c]) + ((1 - Momentum) * Mean(x => x.Average()));
                // ONNX's: of the population.
                variance[c] = (Momentum * variance[c])
                    + ((1 - Momentum) * Mean(x => x.Average(e => (e - x.Average()) * (e - x.Average()))));
            }
        }
        var parameters = await network.ParametersAsync();
        AssertNear(mean, Named(parameters, "mean"));
        AssertNear(variance, Named(parameters, "var"));
    }

    [Fact]
    public async Task A_prediction_is_made_with_them_and_leaves_them()
    {
        foreach (var place in new NetworkPlace[] { new Reference(), new InProcess() })
        {
            var graph = Graph<double>(atInput: true);
            await using var network = await Network<double>.StartAsync(graph, Options(place, null, 1));
            var batch = RandomBatch.Create(graph, Loss.SquaredError, 1, 1);
            await network.StepAsync(batch);
            var before = await network.ParametersAsync();
            var prediction = await network.PredictAsync(batch);
            var after = await network.ParametersAsync();
            Assert.Equal(Parameters.Sha256(before), Parameters.Sha256(after));
            var expected = new double[Rows];
            for (var row = 0; row < Rows; row++)
            {
                expected[row] = Named(before, "out/bias").Span[0];
                for (var c = 0; c < Channels; c++)
                {
                    var normal = (batch.Input(0, 0).Span[(row * Channels) + c] - Named(before, "mean").Span[c])
                        / Math.Sqrt(Named(before, "var").Span[c] + Epsilon);
                    expected[row] += Named(before, "out/weight").Span[c]
                        * ((Named(before, "scale").Span[c] * normal) + Named(before, "shift").Span[c]);
                }
            }
            AssertNear(expected, prediction);
        }
    }

    [Fact]
    public async Task Every_place_and_clock_and_a_resumption_have_backpropagations_bits()
    {
        var expected = await TrainAsync(Options(new Reference(), null, 2));
        Assert.Equal(expected, await TrainAsync(Options(new Reference(), null, 2), resumeAt: 1));
        foreach (var clock in new[] { Clock.Wavefront, Clock.Lockstep })
        {
            Assert.Equal(expected, await TrainAsync(Options(new InProcess { Threads = 2 }, clock, 2)));
            Assert.Equal(expected, await TrainAsync(Options(new InProcess(), clock, 2), resumeAt: 2));
        }
        await using var cluster = await LocalCluster.StartAsync(2);
        var nodes = new OnNodes(cluster.Coordinator) { Nodes = 2, SnapshotEvery = 2 };
        Assert.Equal(expected, await TrainAsync(Options(nodes, Clock.Wavefront, 2), resumeAt: 2));
    }

    [Fact]
    public async Task A_step_that_is_tried_again_moves_them_once()
    {
        var expected = await TrainAsync(Options(new Reference(), null, 2));
        var struck = 0;
        Fate FateOf(object message) => message is ErrorMessage<float> { Step: { Step: 2, Run: 1 } }
            && Interlocked.Increment(ref struck) == 3 ? Fate.IsLost : Fate.Arrives;
        await using var system = new DisposableSystem(FaultyMailbox.CreateSystem(FateOf));
        var place = new InProcess { ActorSystem = system.System, VertexMailbox = FaultyMailbox.Path };
        Assert.Equal(expected, await TrainAsync(Options(place, Clock.Wavefront, 2) with
        {
            StepTimeout = TimeSpan.FromMilliseconds(400),
            MaxRetries = 1_000,
        }));
        Assert.True(struck >= 3);
    }

    [Theory]
    [InlineData(Clock.Wavefront)]
    [InlineData(Clock.Lockstep)]
    public async Task A_recorded_run_is_audited_and_made_anew(Clock clock)
    {
        var options = Options(new InProcess(), clock, 2);
        var run = await RecordedRun.Record(Graph<float>(atInput: false), options, 3, payloads: true);
        Assert.Equal([], run.Audit().Checks.SelectMany(c => c.First));
        using var folder = new TemporaryFolder();
        run.Save(folder.PathOf("run.trace.gz"));
        Assert.Equal([], Recomputation.Run(folder.PathOf("run.trace.gz")).Check.First);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    public void Each_replica_is_a_source_and_the_theorem_holds(int replicas)
    {
        var graph = Replication.Replicate(Graph<float>(atInput: false), replicas);
        foreach (var name in new[] { "mean", "var" })
            Assert.Equal(new RunningStatistic(Momentum, replicas), graph.Running(graph.Find(name).Id));
        Assert.Null(graph.Running(graph.Find("scale").Id));
        foreach (var clock in new[] { Clock.Wavefront, Clock.Lockstep })
            Assert.Null(new Trial { Clock = clock, MicroBatches = 2, Loss = Loss.SquaredError }.FirstDifference(graph));
    }

    [Theory]
    [InlineData("initializers")]
    [InlineData("Identity")]
    [InlineData("Cast")]
    [InlineData("value_floats")]
    [InlineData("Split")]
    public async Task A_model_file_goes_on_from_them(string form)
    {
        var model = new TestModel(17).Input("x", Rows, Channels).Floats("scale", [Channels], 1, 2, 3)
            .Floats("shift", [Channels], 0, 1, 0);
        var behind = form is "Identity" or "Cast" ? "/stored" : "";
        if (form is "initializers" or "Identity" or "Cast")
            model.Floats($"mean{behind}", [Channels], 0, 0, 0).Floats($"var{behind}", [Channels], 1, 1, 1);
        if (form == "Split")
            model.Floats("both", [2 * Channels], 0, 0, 0, 1, 1, 1)
                .Node("Split", ["both"], ["mean", "var"], ("axis", 0));
        foreach (var (name, value) in new[] { ("mean", 0f), ("var", 1f) })
        {
            if (form == "value_floats")
                model.Node("Constant", [], [name]).Proto.Graph.Node[^1].Attribute.Add(new AttributeProto
                {
                    Name = "value_floats",
                    Type = AttributeProto.Types.AttributeType.Floats,
                    Floats = { Enumerable.Repeat(value, Channels) },
                });
            else if (form == "Cast") model.Node("Cast", $"{name}{behind}", name, ("to", 1));
            else if (form == "Identity") model.Node("Identity", $"{name}{behind}", name);
        }
        model.Node("BatchNormalization", ["x", "scale", "shift", "mean", "var"], ["y", "m", "v"],
                ("training_mode", 1), ("momentum", 0.7)).Output("y");
        var imported = OnnxImport.ToGraph<float>(model.Model);
        Assert.Equal(["scale", "shift"], imported.Candidates.Where(c => c.Learns).Select(c => c.Name));
        if (form == "initializers")
            Assert.Contains("running statistic", imported.Candidates.Single(c => c.Name == "var").Reason,
                StringComparison.Ordinal);
        await using var network = await Network<float>.StartAsync(imported.Graph, Options(new InProcess(), null, 1));
        await network.StepAsync(RandomBatch.Create(imported.Graph, Loss.SquaredError, 1, 1));
        var parameters = await network.ParametersAsync();
        using var folder = new TemporaryFolder();
        OnnxExport.Save(imported, parameters.ToDictionary(p => p.Name, p => p.Value), folder.PathOf("m.onnx"));
        var again = OnnxImport.ToGraph<float>(OnnxModel.Load(folder.PathOf("m.onnx"))).Graph;
        foreach (var name in new[] { "mean", "var" })
        {
            var saved = again.Find(name).Initial!.Span.ToArray();
            Assert.Equal(Named(parameters, name).Span.ToArray(), saved);
            Assert.DoesNotContain(name == "mean" ? 0f : 1f, saved);
        }
    }

    private static Tensor<T> Named<T>(IReadOnlyList<NamedTensor<T>> parameters, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => parameters.Single(p => p.Name == name).Value;

    private static void AssertNear<T>(double[] expected, Tensor<T> actual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], double.CreateChecked(actual.Span[i]), 1e-5);
    }

    [Theory]
    [InlineData("mean", 0.9, 1)]
    [InlineData("mean", Momentum, 2)]
    [InlineData("mean", 0, 0)]
    [InlineData("scale", Momentum, 1)]
    public async Task What_a_header_says_of_them_is_compared_with_the_edges(string name, double momentum, int sources)
    {
        var run = await RecordedRun.Record(Graph<double>(atInput: false), Options(new InProcess(), Clock.Wavefront, 1));
        Assert.Equal(0, run.Audit().Violations);
        RunningStatistic? said = sources == 0 ? null : new RunningStatistic(momentum, sources);
        var edited = run with
        {
            Header = run.Header with
            {
                Vertices = [.. run.Header.Vertices.Select(v => v.Name == name ? v with { Running = said } : v)],
            },
        };
        Assert.Contains(edited.Audit()["graph"].First,
            v => v.What.Contains($"'{name}' is said to be", StringComparison.Ordinal));
    }

    [Fact]
    public void Stored_weights_without_them_are_refused()
    {
        var graph = Graph<double>(atInput: true);
        var values = graph.Parameters.Where(v => v.Trainable)
            .ToDictionary(v => v.Name, v => v.Initial!, StringComparer.Ordinal);
        var refusal = Assert.Throws<DataException>(() =>
            new StoredWeights<double>("a.npz", values, null).For(graph));
        Assert.Contains("it lacks 'mean', 'var'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_runs_where_the_network_does()
    {
        using var system = Akka.Actor.ActorSystem.Create("copies");
        var guardian = (Akka.Actor.LocalActorRef)((Akka.Actor.ExtendedActorSystem)system).Provider.Guardian;
        var options = Options(new InProcess { ActorSystem = system }, Clock.Wavefront, 1);
        await using var network = await Network<double>.StartAsync(Graph<double>(atInput: true), options);
        var before = guardian.Children.Count();
        var states = (await network.SnapshotAsync()).States;
        await using var copy = await network.CopyAsync(
            states.ToDictionary(s => s.Key, s => s.Value.Value, StringComparer.Ordinal));
        Assert.True(guardian.Children.Count() > before);
    }

    private static Graph<T> Graph<T>(bool atInput)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var builder = new GraphBuilder<T>(1);
        Node<T> Vector(string name, double value, bool trainable)
        {
            var tensor = new Tensor<T>(new Shape(Channels));
            tensor.Writable.Fill(T.CreateChecked(value));
            return builder.Parameter(name, tensor, trainable);
        }
        var x = builder.Data("x", new Shape(Rows, Channels));
        if (!atInput) x = x.Dense("in", Channels).Tanh() + x;
        var normal = x.Apply("BatchNormalization",
            [Vector("scale", 1.5, true), Vector("shift", 0.1, true), Vector("mean", 0, false), Vector("var", 1, false)],
            Attributes.Of(("training_mode", 1), ("momentum", Momentum), ("epsilon", Epsilon)), "normal");
        return builder.Build(normal.Dense("out", 1));
    }

    private static NetworkOptions Options(NetworkPlace place, Clock? clock, int microBatches) => new()
    {
        Where = place,
        Clock = clock,
        MicroBatches = microBatches,
        Optimizer = new Adam(0.01),
        Loss = Loss.SquaredError,
    };

    private static async Task<string> TrainAsync(NetworkOptions options, int resumeAt = -1)
    {
        var graph = Graph<float>(atInput: false);
        var network = await Network<float>.StartAsync(graph, options);
        for (var step = 0; step < 4; step++)
        {
            var batch = RandomBatch.Create(graph, Loss.SquaredError, options.MicroBatches, (ulong)step);
            if (step == resumeAt)
            {
                var snapshot = await network.SnapshotAsync();
                await network.DisposeAsync();
                network = await Network<float>.StartAsync(graph, options, snapshot);
            }
            if (step == 1) await network.PredictAsync(batch);
            await network.StepAsync(batch);
        }
        await using (network) return Parameters.Sha256(await network.ParametersAsync());
    }
}
