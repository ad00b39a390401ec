using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Protocol;
using PcActors.Runs;
using PcActors.Testing;
using PcActors.Tests.Learning;
using Xunit.Sdk;

namespace PcActors.Tests.Tracing;

/// <summary>The test kit's assertions about a recorded run fail when they have to.</summary>
public class TraceAssertions
{
    private static readonly Graph<float> Graph = ResidualStack.Build<float>(2);

    [Fact]
    public async Task An_honest_run_with_predictions_passes()
    {
        var run = await Record(async network =>
        {
            await network.StepAsync(Batch());
            await network.PredictAsync(Batch());
            await network.StepAsync(Batch());
        });
        Assert.Equal(2, TraceAssert.NoViolations(run).Steps);
        TraceAssert.OneWave(run);
        Assert.Throws<FailException>(() => TraceAssert.IsViolated(run, "edges"));
    }

    [Fact]
    public async Task A_cheat_fails_and_is_named()
    {
        var run = await Record(network => network.StepAsync(Batch()));
        var cheat = run.Records.First(r => r.Kind == MessageKind.Error.Name);
        var edited = run with { Records = [.. run.Records.Select(r => r == cheat ? r with { Edge = 100_000 } : r)] };
        Assert.Contains("edges", Assert.Throws<FailException>(() => TraceAssert.NoViolations(edited)).Message,
            StringComparison.Ordinal);
        Assert.NotEmpty(TraceAssert.IsViolated(edited, "edges"));
    }

    [Theory]
    [InlineData("value")]
    [InlineData("error")]
    public async Task A_message_too_many_is_no_wave(string kind)
    {
        var run = await Record(network => network.StepAsync(Batch()));
        var twice = run with { Records = [.. run.Records, run.Records.First(r => r.Kind == kind)] };
        Assert.ThrowsAny<XunitException>(() => TraceAssert.OneWave(twice));
    }

    [Fact]
    public async Task A_run_without_a_training_step_is_no_wave()
    {
        var run = await Record(network => network.PredictAsync(Batch()));
        Assert.ThrowsAny<XunitException>(() => TraceAssert.OneWave(run));
    }

    private static Task<RecordedRun> Record(Func<INetwork<float>, Task> work) =>
        RecordedRun.OfAsync(Graph, new NetworkOptions(), work);

    private static Batch<float> Batch() => RandomBatch.Create(Graph, new NetworkOptions().Loss, 1, 3);
}
