using System.Numerics;
using PcActors.Checkpoints;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Schedules;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tests.Graphs;
using PcActors.Tests.Learning;

namespace PcActors.Tests.Checkpoints;

/// <summary>Theorem: a run that is stopped between any two steps and goes on from what was stored is the run that was
/// not stopped, bit for bit and message for message.</summary>
public sealed class ResumedBits
{
    private const int Steps = 7;

    private static readonly Optimizer[] Optimizers = [new Sgd(0.005), new Sgd(0.005, 0.01), new Momentum(0.002),
        new Adam(0.001), new Adam(0.001, weightDecay: 0.1), new AdamW(0.001, weightDecay: 0.1)];

    private static readonly Schedule[] Schedules = [Schedule.Constant, new WarmUp(4), new StepDecay(2, 0.5),
        new Cosine(Steps, 0.1, warmUp: 2)];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task Single_precision_on_random_graphs(int seed) => Check<float>((ulong)seed);

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task Double_precision_on_random_graphs(int seed) => Check<double>((ulong)seed + 100);

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Without_the_optimizers_state_or_the_number_of_updates_it_is_another_run(bool losesState,
        bool losesUpdates)
    {
        var trial = new Trial(3) { Optimizer = new Adam(0.01) };
        var expected = await RunAsync<float>(trial, []);
        Assert.NotEqual(expected.Hash, (await RunAsync<float>(trial, [4], state => state with
        {
            OptimizerState = losesState
                ? [.. state.OptimizerState.Select(t => new Tensor<float>(t.Shape))] : state.OptimizerState,
            Updates = losesUpdates ? 0 : state.Updates,
        })).Hash);
        // What is not there at all is seen.
        if (!losesState) return;
        await Assert.ThrowsAsync<ArgumentException>(
            () => RunAsync<float>(trial, [4], state => state with { OptimizerState = [] }));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(0, 3)]
    [InlineData(2, 0)]
    [InlineData(2, 3)]
    [InlineData(3, 0)]
    [InlineData(3, 2)]
    public async Task A_snapshot_of_another_optimizer_is_refused(int one, int other)
    {
        var graph = RandomGraph<float>.Create(1);
        var options = new NetworkOptions { Loss = Loss.SquaredError, Optimizer = Optimizers[one] };
        await using var network = await Network<float>.StartAsync(graph, options);
        await network.StepAsync(RandomBatch.Create(graph, Loss.SquaredError, 1, 1));
        var snapshot = await network.SnapshotAsync();
        var refusal = await Assert.ThrowsAsync<ArgumentException>(
            () => Network<float>.StartAsync(graph, options with { Optimizer = Optimizers[other] }, snapshot));
        Assert.Contains(
            $"has {Optimizers[one].StateTensors} tensors of an optimizer; {Optimizers[other].Name} has "
            + $"{Optimizers[other].StateTensors}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_seed_than_the_stored_one_is_refused_with_both()
    {
        var graph = RandomGraph<float>.Create(1);
        await using var network = await Network<float>.StartAsync(graph, new NetworkOptions { Seed = 5 });
        var stored = StoredAndRead(await network.SnapshotAsync());
        Assert.Equal(5UL, stored.Seed);
        await using var resumed = await Network<float>.StartAsync(graph, new NetworkOptions { Seed = 5 }, stored);
        var refusal = await Assert.ThrowsAsync<ArgumentException>(
            () => Network<float>.StartAsync(graph, new NetworkOptions { Seed = 7 }, stored));
        Assert.Contains("the seed 5, and the seed 7 is given", refusal.Message, StringComparison.Ordinal);
        // A checkpoint of a version that did not keep it is no reason.
        var old = StoredAndRead(stored with { Seed = null });
        Assert.Null(old.Seed);
        await using var other = await Network<float>.StartAsync(graph, new NetworkOptions { Seed = 7 }, old);

        static NetworkSnapshot<float> StoredAndRead(NetworkSnapshot<float> snapshot)
        {
            using var stream = new MemoryStream();
            CheckpointFile.Write(stream, StoredStates.ManifestOf(snapshot.Step), snapshot);
            stream.Position = 0;
            return CheckpointFile.Read<float>(stream);
        }
    }

    [Fact]
    public async Task A_snapshot_of_another_network_is_refused()
    {
        var graph = RandomGraph<float>.Create(1);
        var states = graph.Parameters.ToDictionary(v => v.Name,
            v => new ParameterSnapshot<float>(v.Initial!, 3, [v.Initial!, v.Initial!]));
        var snapshot = new NetworkSnapshot<float>(3, states, new MessageCounts(0, 0));
        var name = states.Keys.First();
        await Refused("2 tensors", snapshot, new Momentum(0.1));
        await Refused(name, snapshot with { States = states.Where(s => s.Key != name).ToDictionary() }, new Adam(0.1));
        var other = new Dictionary<string, ParameterSnapshot<float>>(
            states)
        { [name] = new(new Tensor<float>(new Shape(9, 9)), 3, []) };
        await Refused("[9, 9]", snapshot with { States = other }, new Adam(0.1));

        async Task Refused(string word, NetworkSnapshot<float> restored, Optimizer optimizer)
        {
            var refusal = await Assert.ThrowsAsync<ArgumentException>(
                () => ReferenceNetwork.StartAsync(graph, Loss.SquaredError, optimizer, 1, restored));
            Assert.Contains(word, refusal.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<ArgumentException>(
                () =>
                    Network<float>.StartAsync(graph,
                        new NetworkOptions { Loss = Loss.SquaredError, Optimizer = optimizer }, restored));
        }
    }

    private static async Task Check<T>(ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new SeededRandom(seed, "interruptions");
        var trial = new Trial(seed)
        {
            Optimizer = Optimizers[random.NextInt(Optimizers.Length)],
            Schedule = Schedules[random.NextInt(Schedules.Length)],
            MicroBatches = 1 + random.NextInt(2)
        };
        int[] once = [random.NextInt(Steps + 1)];
        int[] often = [.. Enumerable.Range(0, Steps + 1).Where(_ => random.NextInt(2) == 0)];
        string? backpropagation = null;
        foreach (var clock in new Clock?[] { Clock.Wavefront, Clock.Lockstep, null })
        {
            var expected = await RunAsync<T>(trial with { Clock = clock }, []);
            Assert.Equal(backpropagation ??= expected.Hash, expected.Hash);
            Assert.Equal(expected, await RunAsync<T>(trial with { Clock = clock }, once));
            Assert.Equal(expected, await RunAsync<T>(trial with { Clock = clock }, often));
        }
    }

    /// <summary>Trains, and puts another network in the network's place before some steps.</summary>
    private static async Task<(string Hash, MessageCounts Messages, string Losses)> RunAsync<T>(
        Trial trial, int[] interruptions, Func<ParameterSnapshot<T>, ParameterSnapshot<T>>? damage = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var graph = RandomGraph<T>.Create(trial.Seed);
        var network = await StartAsync(graph, trial, null);
        var losses = new List<double>();
        try
        {
            for (var step = 0; step <= Steps; step++)
            {
                if (interruptions.Contains(step))
                {
                    var snapshot = await network.SnapshotAsync();
                    await network.DisposeAsync();
                    network = await StartAsync(graph, trial, Stored(snapshot, step, damage ?? (state => state)));
                }
                var batch = RandomBatch.Create(graph, Loss.SquaredError, trial.MicroBatches, trial.Seed + (ulong)step);
                if (step < Steps) losses.Add((await network.StepAsync(batch)).Loss);
                // A prediction takes updates over, too.
                if (step == 3) await network.PredictAsync(batch);
            }
            return (Parameters.Sha256(await network.ParametersAsync()), await network.CountMessagesAsync(),
                string.Join(' ', losses.Select(l => l.ToString("R"))));
        }
        finally
        {
            await network.DisposeAsync();
        }
    }

    private static async Task<Network<T>> StartAsync<T>(Graph<T> graph, Trial trial, NetworkSnapshot<T>? restored)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => await Network<T>.StartAsync(
            graph,
            new NetworkOptions
            {
                Where = trial.Clock is null ? new Reference() : new InProcess(),
                Clock = trial.Clock,
                Loss = Loss.SquaredError,
                Optimizer = trial.Optimizer,
                Schedule = trial.Schedule,
                MicroBatches = trial.MicroBatches
            },
            restored);

    /// <summary>The snapshot after it has been bytes.</summary>
    private static NetworkSnapshot<T> Stored<T>(NetworkSnapshot<T> snapshot, long step,
        Func<ParameterSnapshot<T>, ParameterSnapshot<T>> damage)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var stream = new MemoryStream();
        CheckpointFile.Write(stream, new CheckpointManifest { Step = step, Model = "m" }, snapshot);
        stream.Position = 0;
        var read = CheckpointFile.Read<T>(stream);
        return read with { States = read.States.ToDictionary(s => s.Key, s => damage(s.Value)) };
    }

    /// <param name="Seed">Of graph and data.</param>
    private sealed record Trial(ulong Seed)
    {
        /// <summary>Null for sequential backpropagation.</summary>
        public Clock? Clock { get; init; } = PcActors.Learning.Clock.Wavefront;

        public required Optimizer Optimizer { get; init; }

        public Schedule Schedule { get; init; } = Schedule.Constant;

        public int MicroBatches { get; init; } = 1;
    }
}
