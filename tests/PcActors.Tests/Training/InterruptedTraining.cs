using PcActors.Data;
using PcActors.Data.Digits;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Models;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tests.Learning;
using PcActors.Training;

namespace PcActors.Tests.Training;

/// <summary>A training run that is stopped, and goes on from a checkpoint, comes to the result of one
/// that was not stopped.</summary>
public class InterruptedTraining
{
    private const int BatchSize = 8;
    private const int Epochs = 6;

    // 43 samples are five batches.
    private static readonly DataSplit<float> Data = new(Part(0, 43), Part(100, 21));

    public static TheoryData<int, bool> Runs
    {
        get
        {
            var data = new TheoryData<int, bool>();
            for (var seed = 0; seed < 6; seed++)
            {
                data.Add(seed, true);
                data.Add(seed, false);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task Whenever_it_is_stopped_the_result_is_the_same(int seed, bool onActors)
    {
        var random = new SeededRandom((ulong)seed, "stops");
        var limit = random.NextInt(2) == 0 ? (long?)null : 13;
        var keeping = new TrainingOptions
        { KeepsBest = seed % 3 == 1, Patience = seed % 3 == 2 ? 1 + random.NextInt(2) : null };
        var (expected, _) = await RunAsync(onActors, limit, null, null, options: keeping);
        (long Step, NetworkSnapshot<float> Network, IReadOnlyDictionary<string, string> Notes)? from = null;
        for (var runs = 0; ; runs++)
        {
            var (result, saved) = await RunAsync(onActors, limit, from, 1 + random.NextInt(9), options: keeping);
            Assert.Equal(result.Steps, saved.Count > 0 ? saved[^1].Step : from!.Value.Step);
            if (!result.IsInterrupted)
            {
                Assert.Equal(expected, result);
                Assert.True(runs > 0);
                return;
            }
            from = saved[^1];
        }
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(false, 1)]
    public async Task From_every_checkpoint_of_a_run_the_result_is_the_same(bool keepsBest, int? patience)
    {
        var options = new TrainingOptions { KeepsBest = keepsBest, Patience = patience };
        var (expected, saved) = await RunAsync(onActors: false, limit: 18, null, null, every: 1, options);
        Assert.Equal(expected.Steps, saved.Count);
        foreach (var checkpoint in saved)
        {
            var (result, _) = await RunAsync(onActors: false, limit: 18, checkpoint, null, options: options);
            Assert.Equal(expected, result);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_best_epochs_weights_are_those_of_a_run_that_ends_with_it(bool onActors)
    {
        var (kept, saved) = await RunAsync(onActors, null, null, null, options: new() { KeepsBest = true });
        var (ended, _) = await RunAsync(onActors, limit: 5 * kept.Best!.Epoch, null, null);
        Assert.Equal((ended.Weights, ended.TestAccuracy, ended.Loss), (kept.Weights, kept.TestAccuracy, kept.Loss));
        // So are those in the checkpoint.
        var graph = Graph();
        Assert.Equal(ended.Weights, Parameters.Sha256(saved[^1].Network.ParametersOf(graph)));
    }

    [Fact]
    public async Task A_run_may_go_on_for_longer_than_it_was_meant_to()
    {
        var (expected, _) = await RunAsync(onActors: false, limit: 17, null, null);
        var (_, saved) = await RunAsync(onActors: false, limit: 8, null, null);
        Assert.Equal(expected, (await RunAsync(onActors: false, limit: 17, saved[^1], null)).Result);
    }

    [Theory]
    [InlineData(3, new long[] { 3, 6, 9, 12, 13 })]
    [InlineData(5, new long[] { 5, 10, 13 })]
    [InlineData(1, new long[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 })]
    [InlineData(13, new long[] { 13 })]
    [InlineData(100, new long[] { 13 })]
    public async Task Checkpoints_are_saved_at_multiples_and_at_the_end(int every, long[] steps)
    {
        var saved = (await RunAsync(onActors: false, limit: 13, null, null, every)).Saved;
        Assert.Equal(steps, saved.Select(s => s.Step));
    }

    [Fact]
    public async Task Steps_go_on_while_a_checkpoint_is_saved_and_only_one_is_saved_at_a_time()
    {
        var isFarOn = new TaskCompletionSource();
        await using var network = await StartAsync(onActors: true, null);
        // The first checkpoint is saved only when the run has made six further steps.
        var checkpoints = new MemoryCheckpoints(async step =>
        {
            if (step == 2) await isFarOn.Task.WaitAsync(TimeSpan.FromMinutes(1));
            return null;
        });
        var reported = new List<CheckpointOutcome>();
        var plan = new CheckpointPlan { Store = checkpoints, Model = "m", Every = new(2), Report = reported.Add };
        var loop = new TrainingLoop<float>(network, Data, new TrainingOptions { MaxSteps = 15, Checkpoints = plan });
        await loop.RunAsync(p =>
        {
            if (p.Step == 8) isFarOn.TrySetResult();
        });
        Assert.Equal(2, checkpoints.Files[0].Step);
        Assert.DoesNotContain(checkpoints.Files, s => s.Step is > 2 and < 8);
        Assert.Equal(15, checkpoints.Files[^1].Step);
        Assert.Equal(checkpoints.Files.Select(s => s.Step), reported.Select(r => r.Step));
    }

    [Fact]
    public async Task A_checkpoint_that_cannot_be_saved_is_reported_and_the_run_goes_on()
    {
        await using var network = await StartAsync(onActors: false, null);
        var checkpoints = new MemoryCheckpoints(step => Task.FromResult(step is 4 or 13 ? $"no room at {step}" : null));
        var reported = new List<CheckpointOutcome>();
        var plan = new CheckpointPlan { Store = checkpoints, Model = "m", Every = new(4), Report = reported.Add };
        var result = await new TrainingLoop<float>(network, Data,
            new TrainingOptions { MaxSteps = 13, Checkpoints = plan }).RunAsync();
        const string no = "the checkpoint of step";
        Assert.Equal(
            [new(4, $"{no} 4 cannot be saved in memory: no room at 4"), new(8), new(12),
                new(13, $"{no} 13 cannot be saved in memory: no room at 13")], reported);
        Assert.Equal((13L, false, 12L), (result.Steps, result.IsInterrupted, result.SavedStep));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_place_that_is_gone_is_told_at_once_and_the_end_knows_that_nothing_is_saved(bool comesBack)
    {
        await using var network = await StartAsync(onActors: false, null);
        var checkpoints = new MemoryCheckpoints();
        var time = new SteppedTime();
        var reported = new List<CheckpointOutcome>();
        var plan = new CheckpointPlan { Store = checkpoints, Model = "m", Every = new(9), Report = reported.Add };
        var loop = new TrainingLoop<float>(network, Data,
            new TrainingOptions { MaxSteps = 13, Checkpoints = plan, Time = time });
        var result = await loop.RunAsync(p =>
        {
            if (p.TestAccuracy is not null) return;
            time.Advance(TimeSpan.FromSeconds(2));
            if (p.Step == 3) checkpoints.Why = "it is gone";
            if (p.Step == 12 && comesBack) checkpoints.Why = null;
        });
        Assert.Equal(new CheckpointOutcome(3, "nothing can be saved in memory: it is gone"), reported[0]);
        Assert.Equal((9L, true), (reported[1].Step, reported[1].Failure is not null));
        Assert.Equal((13L, !comesBack), (reported[2].Step, reported[2].Failure is not null));
        Assert.Equal(3, reported.Count);
        Assert.Equal(comesBack ? 13L : null, result.SavedStep);
        Assert.Equal(13, result.Steps);
    }

    [Fact]
    public async Task A_run_that_fails_saves_no_end()
    {
        await using var network = await StartAsync(onActors: false, null, new Sgd(1, weightDecay: 1e30));
        var checkpoints = new MemoryCheckpoints();
        var plan = new CheckpointPlan { Store = checkpoints, Model = "m", Every = new(100) };
        var loop = new TrainingLoop<float>(network, Data, new TrainingOptions { Checkpoints = plan });
        await Assert.ThrowsAsync<DivergedException>(() => loop.RunAsync());
        Assert.Empty(checkpoints.Files);
    }

    private static async Task<(Outcome Result,
        List<(long Step, NetworkSnapshot<float> Network, IReadOnlyDictionary<string, string> Notes)> Saved)> RunAsync(
        bool onActors, long? limit,
        (long Step, NetworkSnapshot<float> Network, IReadOnlyDictionary<string, string> Notes)? from, int? stopAfter,
        int every = 1_000, TrainingOptions? options = null)
    {
        using var cancellation = new CancellationTokenSource();
        await using var network = await StartAsync(onActors, from?.Network);
        var checkpoints = new MemoryCheckpoints();
        var loop = new TrainingLoop<float>(network, Data, (options ?? new TrainingOptions()) with
        {
            Epochs = Epochs,
            MaxSteps = limit,
            Seed = 7,
            Checkpoints = new CheckpointPlan { Store = checkpoints, Model = "m", Every = new(every) },
            Resumed = from is null ? null : TrainingState.Read(from.Value.Step, from.Value.Notes),
        }, from?.Network.Best);
        var steps = 0;
        var result = await loop.RunAsync(
            p =>
            {
                if (p.TestAccuracy is null && ++steps == stopAfter) cancellation.Cancel();
            },
            cancellation.Token);
        var weights = Parameters.Sha256(await loop.ParametersAsync());
        return (
            new Outcome(result.Epochs, result.Steps, result.Loss, result.TestAccuracy, result.IsInterrupted, weights,
                await network.CountMessagesAsync(), result.Best, result.IsStoppedEarly),
            await checkpoints.ReadAsync());
    }

    private static async Task<Network<float>> StartAsync(bool onActors, NetworkSnapshot<float>? restored,
        Optimizer? optimizer = null)
    {
        var graph = Graph();
        optimizer ??= new Adam(0.01);
        return onActors
            ? await Network<float>.StartAsync(graph, new NetworkOptions { Optimizer = optimizer }, restored)
            : await ReferenceNetwork.StartAsync<float>(graph, Loss.CrossEntropy, optimizer, 1, restored);
    }

    private static Graph<float> Graph() => ModelCatalogue.Build<float>("mlp",
        new ModelOptions(BatchSize, new Shape(64), 10, Seed: 1) { Hidden = [12] });

    private static Dataset<float> Part(int start, int count)
    {
        var digits = EmbeddedDigits.Load<float>().Standardized().Train;
        var features = Tensor<float>.From(new Shape(count, 64),
            digits.Features.Span.Slice(start * 64, count * 64).ToArray());
        return new Dataset<float>("part", features, digits.Labels.Slice(start, count).ToArray(), digits.ClassCount);
    }

    /// <summary>A clock that goes on when it is told.</summary>
    private sealed class SteppedTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }

    private sealed record Outcome(
        int Epochs, long Steps, double Loss, double TestAccuracy, bool IsInterrupted, string Weights,
        MessageCounts Messages, BestEpoch? Best, bool IsStoppedEarly);
}
