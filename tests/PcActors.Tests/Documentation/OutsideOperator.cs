using PcActors.Cluster;
using PcActors.Data.Digits;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tests.Cluster;
using PcActors.Tests.Data;
using PcActors.Tests.Extension;
using PcActors.Tests.Functions;
using PcActors.Tests.Learning;
using PcActors.Tests.Tracing;
using PcActors.Tracing;
using PcActors.Tracing.Audit;
using PcActors.Tracing.Audit.Recomputing;

namespace PcActors.Tests.Documentation;

/// <summary>The documented operator, which the library does not have: it is registered, and then
/// one like any other.</summary>
public sealed class OutsideOperator
{
    static OutsideOperator() => OperatorCatalogue.Register(Squareplus.Operator);

    [Theory]
    [InlineData("")]
    [InlineData("b=0.5")]
    public void Its_pull_back_is_its_derivative(string attributes)
    {
        var example = new FunctionCase("Squareplus", "3x4", attributes);
        var worst = FiniteDifference.WorstDifference(example.Function<double>(), example.Inputs<double>(),
            example.Error<double>);
        Assert.True(worst < 1e-8, $"off by {worst:E2}");
    }

    [Fact]
    public async Task Its_trace_is_audited_and_recomputed()
    {
        var graph = Network(batch: 6);
        var trace = new TraceOptions { Output = new MemoryStream(), Payloads = true };
        var run = await TracedRun.Traced(graph, new NetworkOptions(), 3, trace);
        Assert.Equal((await TracedRun.Plain(graph, new NetworkOptions(), 3)).Sha256, run.Sha256);
        var (header, records) = run.Read();
        Assert.Contains(header.Vertices, vertex => vertex.Operator == "Squareplus");
        Assert.Empty(TraceAudit.Run(header, records).Checks.SelectMany(c => c.First));
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.PathOf("trace.jsonl"), run.Trace);
        Assert.Empty(Recomputation.Run(folder.PathOf("trace.jsonl")).Check.First);
    }

    [Fact]
    public async Task Nodes_that_know_it_learn_the_same_bits()
    {
        var data = EmbeddedDigits.Load<float>().Standardized().Train;
        var graph = Network(batch: 24);
        await using var reference = await ReferenceNetwork.StartAsync<float>(graph, Loss.CrossEntropy, new Sgd(0.1));
        var (expected, _, _) = await PcActors.Tests.Cluster.Training.RunAsync(reference, data, 24, 3);
        await using var cluster = await LocalCluster.StartAsync(2);
        await using var network = await PcActors.Runs.Network<float>.StartAsync(
            graph,
            new NetworkOptions { Optimizer = new Sgd(0.1), Where = new OnNodes(cluster.Coordinator) { Nodes = 2 } });
        var (hash, _, _) = await PcActors.Tests.Cluster.Training.RunAsync(network, data, 24, 3);
        Assert.Equal(expected, hash);
    }

    [Fact]
    public void A_name_is_one_operators_alone()
    {
        OperatorCatalogue.Register(Squareplus.Operator);
        Assert.Contains("Squareplus", OperatorCatalogue.Names);
        var taken = Assert.Throws<ArgumentException>(
            () => OperatorCatalogue.Register(Squareplus.Operator with { Name = "Tanh" }));
        Assert.Contains("'Tanh'", taken.Message, StringComparison.Ordinal);
        foreach (var other in new[] { new Operator("Squareplus", typeof(Gone<>)),
            Operator.Elementwise<Same>("Squareplus") })
            Assert.Contains("'Squareplus'",
                Assert.Throws<ArgumentException>(() => OperatorCatalogue.Register(other)).Message,
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(List<>), "derive")]
    [InlineData(typeof(string), "generic class")]
    public void A_class_that_is_no_function_is_refused(Type function, string said)
    {
        var refusal = Assert.Throws<ArgumentException>(
            () => OperatorCatalogue.Register(new Operator("Wrong", function)));
        Assert.Contains("'Wrong'", refusal.Message, StringComparison.Ordinal);
        Assert.True(
            refusal.Message.Contains(said, StringComparison.Ordinal)
                || refusal.Message.Contains("constructor", StringComparison.Ordinal), refusal.Message);
    }

    [Fact]
    public void A_model_file_cannot_hold_it()
    {
        using var folder = new TemporaryFolder();
        var refusal = Assert.Throws<PcActors.Onnx.OnnxException>(
            () => PcActors.Onnx.OnnxExport.Save(Network(2), null, folder.PathOf("a.onnx")));
        Assert.Contains("Squareplus", refusal.Message, StringComparison.Ordinal);
    }

    private static Graph<float> Network(int batch)
    {
        var builder = new GraphBuilder<float>(seed: 3);
        var hidden = builder.Data("image", new Shape(batch, 64)).Dense("hidden", 12);
        return builder.Build(hidden.Apply("Squareplus", [], Attributes.Of(("b", 2.0)), "bent").Dense("out", 10));
    }

    private readonly struct Same : IScalarMap<Same>
    {
        public double Value(double x) => x;

        public double Slope(double x, double mu) => 1;
    }

    private sealed class Gone<T>(OperatorSettings settings) : UnaryFunction<T>(settings)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        protected override void Predict(ReadOnlySpan<T> x, Span<T> mu) => x.CopyTo(mu);

        protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error,
            Span<T> result) => error.CopyTo(result);
    }
}
