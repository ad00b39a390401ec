using System.Collections.Concurrent;
using Akka.Actor;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Protocol;
using PcActors.Runs;
using PcActors.Testing;
using PcActors.Tests.Learning;
using PcActors.Tests.Models;
using PcActors.Tests.Runs;
using PcActors.Tracing;

namespace PcActors.Tests.Tracing;

/// <summary>A trace that cannot be written, or not so fast, costs no run; messages that go wrong are seen.</summary>
public class TraceFaults
{
    private const int Steps = 3;

    private static readonly Graph<float> Graph = SmallModels.Build<float>("mlp", 3);
    private static readonly NetworkOptions Options = new();

    [Theory]
    [InlineData(0)]
    [InlineData(9_000)]
    public async Task A_disk_that_is_full_ends_the_trace_and_not_the_run(long room)
    {
        var troubles = new ConcurrentQueue<string>();
        var plain = await TracedRun.Plain(Graph, Options, 200);
        var traced = await TracedRun.Traced(
            Graph, Options, 200,
            new TraceOptions
            {
                Output = new DamagedStream(room),
                OutputName = "run.trace",
                OnTrouble = troubles.Enqueue
            });
        Assert.Equal(plain.Sha256, traced.Sha256);
        Assert.IsType<IOException>(traced.Failure);
        var message = Assert.Single(troubles, t => !t.Contains("waits"));
        Assert.Equal("run.trace: the trace is abandoned: No space left on device; the run goes on without it", message);
    }

    [Fact]
    public async Task A_slow_disk_makes_the_run_wait_and_loses_nothing()
    {
        var troubles = new ConcurrentQueue<string>();
        var traced = await TracedRun.Traced(Graph, Options, Steps, new TraceOptions
        {
            Output = new DamagedStream(long.MaxValue, TimeSpan.FromMilliseconds(20)),
            Capacity = 4,
            Payloads = true,
            OnTrouble = troubles.Enqueue,
        });
        Assert.Contains("the run waits", Assert.Single(troubles));
        Assert.Null(traced.Failure);
        var (_, records) = traced.Read();
        var forecast = MessageForecast.Of(Levelling.Level(Graph), Options.Rule);
        Assert.Equal(Steps * forecast.PerStep, records.Count(r => r.IsBetweenVertices));
        Assert.Equal(Enumerable.Range(1, 2 * records.Count).Select(n => (long)n),
            records.SelectMany(r => new[] { r.N, r.Taken }).Order());
    }

    [Fact]
    public async Task A_retried_step_shows_both_attempts()
    {
        var values = 0;
        Fate FateOf(object message) =>
            message is ValueMessage<float> { Step.Step: 2 } && Interlocked.Increment(ref values) == 5
                ? Fate.IsLost
                : Fate.Arrives;
        await using var system = new DisposableSystem(FaultyMailbox.CreateSystem(FateOf, isTraced: true));
        var traced = await TracedRun.Traced(Graph, Options with
        {
            Where = new InProcess { ActorSystem = system.System, VertexMailbox = FaultyMailbox.Path },
            StepTimeout = TimeSpan.FromMilliseconds(400),
        }, Steps);
        Assert.Equal((await TracedRun.Plain(Graph, Options, Steps)).Sha256, traced.Sha256);
        var (_, records) = traced.Read();
        Assert.Equal([1, 2],
            records.Where(r => r.Step == 2 && r.IsBetweenVertices).Select(r => r.Attempt).Distinct().Order());
        Assert.Equal(
            MessageForecast.Of(Levelling.Level(Graph), Options.Rule).PerStep,
            records.Count(r => r.IsBetweenVertices && r is { Step: 2, Attempt: 2 }));
    }

    [Fact]
    public async Task One_run_at_a_time_is_traced_in_an_actor_system()
    {
        await using var system = new DisposableSystem(FaultyMailbox.CreateSystem(_ => Fate.Arrives));
        var options = Options with { Where = new InProcess { ActorSystem = system.System } };
        await using (await Network<float>.StartAsync(Graph, options with { Recording = To(new MemoryStream()) }))
        {
            var second = new MemoryStream();
            await Assert.ThrowsAsync<InvalidOperationException>(
                () => Network<float>.StartAsync(Graph, options with { Recording = To(second) }));
            Assert.False(second.CanWrite);
        }
        // The next one may.
        var traced = await TracedRun.Traced(Graph, options, Steps);
        Assert.Equal((await TracedRun.Plain(Graph, Options, Steps)).Sha256, traced.Sha256);
        Assert.NotEmpty(traced.Read().Records);
    }

    [Fact]
    public async Task A_network_whose_actor_system_is_gone_says_so_and_can_be_disposed_of()
    {
        var system = ActorSystem.Create("gone");
        using var output = new MemoryStream();
        var options = new NetworkOptions { Where = new InProcess { ActorSystem = system }, Recording = To(output) };
        var network = await Network<float>.StartAsync(ResidualStack.Build<float>(1), options);
        await system.Terminate();
        await Assert.ThrowsAsync<RunFailedException>(
            () => network.StepAsync(network.NewBatch()).WaitAsync(TimeSpan.FromSeconds(60)));
        await network.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.False(output.CanWrite);
    }

    [Fact]
    public async Task A_recording_that_is_another_runs_is_refused_and_goes_on()
    {
        var recording = To(new MemoryStream());
        var network = await Network<float>.StartAsync(Graph, Options with { Recording = recording });
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Network<float>.StartAsync(Graph, Options with { Recording = recording }));
        Assert.Contains("each run needs one of its own", refusal.Message, StringComparison.Ordinal);
        await network.StepAsync(network.NewBatch());
        await network.DisposeAsync();
        Assert.Null(recording.Failure);
        Assert.True(recording.Totals.Messages > 0);
    }

    [Fact]
    public async Task A_network_that_was_disposed_of_leaves_the_actor_system_free_for_another()
    {
        var system = ActorSystem.Create("twice");
        var options = new NetworkOptions { Where = new InProcess { ActorSystem = system } };
        try
        {
            var settings = new List<Akka.Configuration.Config>();
            for (var i = 0; i < 2; i++)
            {
                var network = await Network<float>.StartAsync(
                    ResidualStack.Build<float>(1), options with { Recording = To(new MemoryStream()) });
                await network.DisposeAsync();
                await network.DisposeAsync();
                settings.Add(system.Settings.Config);
            }
            // Its settings are added to once, and not by each run.
            Assert.Same(settings[0], settings[1]);
        }
        finally
        {
            await system.Terminate();
        }
    }

    [Fact]
    public async Task A_network_that_cannot_start_leaves_the_output_closed()
    {
        foreach (var options in new[]
        {
            Options with { Rule = LearningRule.Il(3, 0.1), Clock = Clock.Wavefront },
            Options with { Where = new InProcess { Threads = -1 } },
            Options with { Where = new Reference() },
        })
        {
            var output = new MemoryStream();
            await Assert.ThrowsAnyAsync<ArgumentException>(
                () => Network<float>.StartAsync(Graph, options with { Recording = To(output) }));
            Assert.False(output.CanWrite);
        }
    }

    [Fact]
    public async Task A_recording_is_for_one_run()
    {
        var options = Options with { Recording = To(new MemoryStream()) };
        await (await Network<float>.StartAsync(Graph, options)).DisposeAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => Network<float>.StartAsync(Graph, options));
    }

    private static TraceRecording To(Stream output) => new(new TraceOptions { Output = output });
}
