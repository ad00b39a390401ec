using System.Globalization;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Descriptions;
using PcActors.Learning.Instruments;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Vertices;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tests.Learning;

namespace PcActors.Tests.Runs;

/// <summary>One script for every place where a network can run: every answer is the same, be it a value, a number or an error.</summary>
public class PlaceContract
{
    private const int MicroBatches = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>The places that are compared with the reference. A further one is a further line.</summary>
    public static TheoryData<string> Places => ["threads", "pool", "lockstep"];

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
            40, Growing().Parameters.ToDictionary(v => v.Name, v => new ParameterSnapshot<float>(v.Initial!, 0, [])), new MessageCounts(0, 0));
        var resumed = await DivergingAsync(Options(place), start);
        Assert.Equal(await DivergingAsync(Options("reference"), start), resumed);
        Assert.Contains(resumed, line => line.Contains("diverged at step 4", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_vertex_that_throws(string place)
    {
        Assert.Equal(await ThrowingAsync(Options("reference"), 2), await ThrowingAsync(Options(place), 2));
        Assert.Equal(await ThrowingAsync(Options("reference"), 3), await ThrowingAsync(Options(place), 3));
    }

    private static NetworkOptions Options(string place) => new NetworkOptions { Optimizer = new Momentum(0.05), MicroBatches = MicroBatches } with
    {
        Clock = place == "lockstep" ? Clock.Lockstep : null,
        Where = place switch
        {
            "reference" => new Reference(),
            "threads" => new InProcess { Threads = 2 },
            _ => new InProcess(),
        },
    };

    private static async Task<List<string>> OrdinaryAsync(Graph<float> graph, NetworkOptions options)
    {
        var script = new Script(await Network<float>.StartAsync(graph, options));
        await script.PredictAsync(9);
        await script.StepAsync(0);
        await script.ParametersAsync();
        await script.PredictAsync(9);
        await script.PredictAsync(8);
        await script.StepAsync(1);
        await script.StepAsync(2);
        var snapshot = await script.SnapshotAsync();
        await script.StepAsync(3);
        await script.EndAsync();
        // Another one goes on from there.
        var resumed = new Script(await Network<float>.StartAsync(graph, options, snapshot));
        await resumed.ParametersAsync();
        await resumed.StepAsync(3);
        await resumed.SnapshotAsync();
        await resumed.EndAsync();
        return [.. script.Answers, .. resumed.Answers];
    }

    private static async Task<List<string>> DivergingAsync(NetworkOptions options, NetworkSnapshot<float>? start)
    {
        var script = new Script(await Network<float>.StartAsync(Growing(), options with { Loss = new Slope(-20), Optimizer = new Sgd(1) }, start));
        for (var step = 0UL; step < 4; step++)
        {
            await script.PredictAsync(step);
            await script.StepAsync(step);
        }
        await script.ParametersAsync();
        await script.SnapshotAsync();
        await script.EndAsync();
        Assert.Contains(script.Answers, a => a.Contains("'exp'", StringComparison.Ordinal));
        return script.Answers;
    }

    private static async Task<List<string>> ThrowingAsync(NetworkOptions options, int predictionThatThrows)
    {
        var builder = new GraphBuilder<float>(1);
        var h = builder.Data("x", new Shape(2, 3)).Dense("h", 3);
        var graph = builder.Build(builder.Apply(new ThrowingFunction(predictionThatThrows), [h], "bad").Dense("out", 2));
        var script = new Script(await Network<float>.StartAsync(graph, options with { MicroBatches = 1 }));
        await script.StepAsync(0);
        await script.PredictAsync(0);
        await script.StepAsync(1);
        await script.ParametersAsync();
        await script.EndAsync();
        Assert.Contains(script.Answers, a => a.Contains("'bad' failed at ", StringComparison.Ordinal));
        return script.Answers;
    }

    /// <summary>exp of a parameter that a step raises by 120 in each of its elements' terms: soon it fits no float.</summary>
    private static Graph<float> Growing()
    {
        var builder = new GraphBuilder<float>(1);
        var x = builder.Data("x", new Shape(2, 3));
        var growing = builder.Parameter("growing", Tensor<float>.Scalar(0));
        return builder.Build(
            x.Multiply(builder.Constant("zero", Tensor<float>.Scalar(0)), "cleared").Subtract(growing, "difference").Negate("sum").Exp("exp"));
    }

    /// <summary>A network that is asked things, and its answers as text. Messages are counted where there are any, and so not compared.</summary>
    private sealed class Script(Network<float> network)
    {
        public List<string> Answers { get; } = [];

        public Task StepAsync(ulong seed) => AskAsync("step", async () => $"{await network.StepAsync(Batch(seed)).WaitAsync(Patience)}");

        public Task PredictAsync(ulong seed) => AskAsync("predict", async () => Text(await network.PredictAsync(Batch(seed)).WaitAsync(Patience)));

        public Task ParametersAsync() => AskAsync("parameters", async () =>
            string.Join(' ', (await network.ParametersAsync().WaitAsync(Patience)).Select(p => $"{p.Name} {Text(p.Value)}")));

        public async Task<NetworkSnapshot<float>?> SnapshotAsync()
        {
            NetworkSnapshot<float>? taken = null;
            await AskAsync("snapshot", async () =>
            {
                taken = await network.SnapshotAsync().WaitAsync(Patience);
                return $"{taken.Step}: " + string.Join(' ', taken.States.OrderBy(s => s.Key, StringComparer.Ordinal).Select(
                    s => $"{s.Key} {s.Value.Updates} {Text(s.Value.Value)} {string.Join(' ', s.Value.OptimizerState.Select(Text))}"));
            });
            return taken;
        }

        public async Task EndAsync()
        {
            await network.DisposeAsync();
            await StepAsync(0);
            await PredictAsync(0);
            await ParametersAsync();
            await SnapshotAsync();
            await AskAsync("count", async () => $"{await network.CountMessagesAsync()}");
            await network.DisposeAsync();
        }

        private async Task AskAsync(string what, Func<Task<string>> ask)
        {
            try
            {
                Answers.Add($"{what}: {await ask()}");
            }
            catch (Exception e)
            {
                Answers.Add($"{what}: {e.GetType().Name} {e.Message} {(e as RunFailedException)?.Vertex} {e.InnerException?.GetType().Name}");
            }
        }

        private Batch<float> Batch(ulong seed)
        {
            var batch = network.NewBatch();
            RandomBatch.Fill(batch, network.Graph, Loss.CrossEntropy, seed);
            return batch;
        }

        private static string Text(Tensor<float> tensor) =>
            string.Join(',', tensor.Span.ToArray().Select(x => BitConverter.SingleToUInt32Bits(x).ToString("x", CultureInfo.InvariantCulture)));
    }

    /// <summary>The sum of all predictions times a slope: its error is the slope everywhere.</summary>
    private sealed class Slope(double slope)
        : Loss(new Description<Loss>("slope", "the sum of all predictions times a slope", _ => new Slope(slope)).Complete())
    {
        public override double Evaluate<T>(Tensor<T> prediction, Tensor<T> target, int batchSize, Tensor<T> error)
        {
            var sum = 0.0;
            foreach (var element in prediction.Span) sum += slope * double.CreateChecked(element);
            error.Writable.Fill(T.CreateChecked(slope));
            return sum;
        }

        public override Shape TargetShape(Shape prediction) => new(prediction[0]);
    }
}
