using PcActors.Cluster;
using PcActors.Extensions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tests.Cluster;
using PcActors.Tests.Data;
using PcActors.Tests.Extension;
using PcActors.Tests.Learning;
using PcActors.Tests.Tracing;
using PcActors.Tracing;
using PcActors.Tracing.Audit;
using PcActors.Tracing.Audit.Recomputing;

namespace PcActors.Tests.Documentation;

/// <summary>The documented optimizer, schedule, loss and rule, which the library does not have: they are registered,
/// and then ones like any other.</summary>
public sealed class OutsideKinds
{
    static OutsideKinds() => ExtensionAssembly.Load(typeof(DocumentedExtension).Assembly.Location);

    private static NetworkOptions Options => new()
    {
        Optimizer = Catalogues.Optimizers.Parse("lion:beta1=0.8"),
        Schedule = Catalogues.Schedules.Parse("inverse-root:scale=2"),
        Loss = Catalogues.Losses.Parse("huber:delta=0.5"),
        Rule = Catalogues.Rules.Parse("noisy:temperature=0.02,inferenceSteps=3"),
    };

    [Fact]
    public async Task Their_trace_is_audited_and_recomputed()
    {
        var graph = Network(batch: 6);
        var run = await TracedRun.Traced(graph, Options, 3,
            new TraceOptions { Output = new MemoryStream(), Payloads = true });
        Assert.Equal((await TracedRun.Plain(graph, Options, 3)).Sha256, run.Sha256);
        var (header, records) = run.Read();
        Assert.Equal(Options.Schedule.Values, header.Schedule.Values);
        Assert.Equal((Options.Optimizer.Values, Options.Loss.Values, Options.Rule.Values),
            (header.Optimizer.Values, header.Loss.Values, header.Rule.Values));
        Assert.Empty(TraceAudit.Run(header, records).Checks.SelectMany(c => c.First));
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.PathOf("trace.jsonl"), run.Trace);
        Assert.Empty(Recomputation.Run(folder.PathOf("trace.jsonl")).Check.First);
    }

    [Fact]
    public async Task Nodes_that_know_them_learn_the_same_bits()
    {
        var graph = Network(batch: 6);
        await using var cluster = await LocalCluster.StartAsync(2);
        var there =
            await TracedRun.Plain(graph, Options with { Where = new OnNodes(cluster.Coordinator) { Nodes = 2 } }, 3);
        Assert.Equal((await TracedRun.Plain(graph, Options, 3)).Sha256, there.Sha256);
    }

    [Fact]
    public async Task What_was_stopped_goes_on_with_the_same_bits()
    {
        var graph = Network(batch: 6);
        await using var whole = await PcActors.Runs.Network<float>.StartAsync(graph, Options);
        await using var first = await PcActors.Runs.Network<float>.StartAsync(graph, Options);
        for (var step = 0; step < 2; step++)
        {
            await whole.StepAsync(RandomBatch.Create(graph, Options.Loss, 1, (ulong)step));
            await first.StepAsync(RandomBatch.Create(graph, Options.Loss, 1, (ulong)step));
        }
        await using var second =
            await PcActors.Runs.Network<float>.StartAsync(graph, Options, await first.SnapshotAsync());
        await whole.StepAsync(RandomBatch.Create(graph, Options.Loss, 1, 2));
        await second.StepAsync(RandomBatch.Create(graph, Options.Loss, 1, 2));
        Assert.Equal(Parameters.Sha256(await whole.ParametersAsync()),
            Parameters.Sha256(await second.ParametersAsync()));
    }

    [Fact]
    public async Task Dynamics_of_ones_own_make_another_update_than_the_builtin_ones()
    {
        var graph = Network(batch: 6);
        var il = Options with { Rule = LearningRule.Il(3, 0.1) };
        Assert.NotEqual((await TracedRun.Plain(graph, il, 2)).Sha256,
            (await TracedRun.Plain(graph, Options, 2)).Sha256);
        // Without noise they are inference learning's.
        var cold = Options with { Rule = Catalogues.Rules.Parse("noisy:temperature=0,inferenceSteps=3") };
        Assert.Equal((await TracedRun.Plain(graph, il, 2)).Sha256, (await TracedRun.Plain(graph, cold, 2)).Sha256);
    }

    [Theory]
    [InlineData("lions", "unknown optimizer 'lions'", "assembly")]
    [InlineData("lion:beta3=1", "beta3", "beta1")]
    [InlineData("lion:beta1=1", "beta1", "less than 1")]
    [InlineData("lion:beta1=0.5,beta1=0.6", "beta1", "twice")]
    [InlineData("lion:beta1", "'beta1'", "NAME=VALUE")]
    public void What_is_wrong_with_a_text_is_said(string text, params string[] words)
    {
        var refusal = Assert.Throws<ArgumentException>(() => Catalogues.Optimizers.Parse(text));
        Assert.All(words, word => Assert.Contains(word, refusal.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_name_is_one_kinds_alone()
    {
        Catalogues.Register(Lion.Description);
        var other = new PcActors.Learning.Descriptions.Description<Optimizer>("adam", "", _ => new Sgd(1));
        Assert.Contains("'adam'", Assert.Throws<ArgumentException>(() => Catalogues.Register(other)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_extension_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("text.dll"), "no assembly");
        foreach (var (path, word) in new[] { (folder.PathOf("gone.dll"), "no such file"),
            (folder.PathOf("text.dll"), "assembly"), (typeof(Loss).Assembly.Location, "adds nothing") })
        {
            var refusal = Assert.Throws<ExtensionException>(() => ExtensionAssembly.Load(path));
            Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
            Assert.Contains(word, refusal.Message, StringComparison.Ordinal);
        }
    }

    private static Graph<float> Network(int batch)
    {
        var builder = new GraphBuilder<float>(seed: 3);
        return builder.Build(
            builder.Data("image", new Shape(batch, 64)).Dense("hidden", 12)
                .Apply("Squareplus", [], PcActors.Functions.Attributes.Empty, "bent").Dense("out", 10));
    }
}
