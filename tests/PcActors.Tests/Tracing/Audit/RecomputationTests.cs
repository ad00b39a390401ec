using System.Numerics;
using PcActors.Checkpoints;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
using PcActors.Learning.Schedules;
using PcActors.Models;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Testing;
using PcActors.Tests.Checkpoints;
using PcActors.Tests.Data;
using PcActors.Tests.Learning;
using PcActors.Tests.Models;
using PcActors.Tests.Runs;
using PcActors.Tracing;
using PcActors.Tracing.Audit.Recomputing;
using PcActors.Tracing.Format;

namespace PcActors.Tests.Tracing.Audit;

/// <summary>A vertex that is made anew and fed what it took sends what was recorded, bit for bit; one that has read
/// anything else does not.</summary>
public sealed class RecomputationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, Clock> Settings
    {
        get
        {
            var data = new TheoryData<string, Clock>();
            foreach (var model in ModelCatalogue.Names)
            {
                data.Add(model, Clock.Wavefront);
                data.Add(model, Clock.Lockstep);
            }
            return data;
        }
    }

    public static TheoryData<Optimizer> Optimizers => [new Sgd(0.05, 0.01), new Momentum(0.05, 0.8), new Adam(0.01),
        new AdamW(0.01)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Settings))]
    public Task Every_vertex_is_recomputed_in_single_precision(string model, Clock clock) =>
        Check(SmallModels.Build<float>(model, 2),
            new NetworkOptions { Clock = clock, MicroBatches = 2, Where = new InProcess { Threads = 2 } });

    [Theory]
    [InlineData("mlp")]
    [InlineData("rnn")]
    [InlineData("transformer")]
    public Task Every_vertex_is_recomputed_in_double_precision(string model) =>
        Check(SmallModels.Build<double>(model, 2), new NetworkOptions { Loss = Loss.SquaredError });

    [Theory]
    [MemberData(nameof(Optimizers))]
    public Task Every_parameter_is_recomputed_under(Optimizer optimizer) =>
        Check(ResidualStack.Build<float>(2), new NetworkOptions { Optimizer = optimizer, MicroBatches = 2 });

    [Fact]
    public Task Every_parameter_is_recomputed_under_a_schedule() => Check(
        ResidualStack.Build<float>(2), new NetworkOptions { Schedule = new Cosine(3, 0.1, warmUp: 1, start: 0.5) });

    [Fact]
    public Task Every_vertex_is_recomputed_under_inference_learning() =>
        Check(ResidualStack.Build<float>(2), new NetworkOptions { Rule = LearningRule.Il(4, 0.1), MicroBatches = 2 });

    [Fact]
    public async Task One_vertex_alone_can_be_recomputed()
    {
        var path = Save(await RecordedRun.Record(ResidualStack.Build<float>(2), new NetworkOptions(), payloads: true));
        var result = Recomputation.Run(path, [2]);
        Assert.Equal((1, 0L), (result.Vertices, result.Check.Violations));
        Assert.True(result.Messages > 0);
    }

    [Fact]
    public async Task A_vertex_that_reads_another_ones_buffer_is_caught()
    {
        var leak = new float[1];
        var builder = new GraphBuilder<float>(3);
        var left = builder.Data("x", new Shape(2, 4)).Dense("left", 4);
        var victim = builder.Apply(new LeakyTanh(leak, isThief: false), [left], "victim");
        var right = left.Dense("right", 4).Tanh().Dense("after", 4);
        var thief = builder.Apply(new LeakyTanh(leak, isThief: true), [right], "thief");
        var run = await RecordedRun.Record(builder.Build((victim + thief).Dense("out", 3)), new NetworkOptions(),
            payloads: true);
        // Its messages are in order: nobody sees what it has read.
        Assert.Equal(0, run.Audit().Violations);
        var result = Recomputation.Run(Save(run));
        Assert.True(result.Check.Violations > 0);
        Assert.All(result.Check.First, v => Assert.Contains("'thief'", v.What, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_parameter_that_takes_its_update_over_a_step_late_is_caught()
    {
        var run = await RecordedRun.Record(ResidualStack.Build<float>(2), new NetworkOptions(), payloads: true);
        var late = run.Header.Vertices.First(v => v.Name == "bias1").Id;
        var values = run.Records.Where(r => r.Kind == MessageKind.Value.Name && r.From == late).OrderBy(r => r.Step)
            .ToList();
        var delayed = run.With(
            records => records.Select(r => r.Kind == MessageKind.Value.Name && r.From == late && r.Step > 1
            ? r with
            {
                Payload = values.Last(v => v.Step < r.Step).Payload,
                Hash = values.Last(v => v.Step < r.Step).Hash
            }
            : r));
        var result = Recomputation.Run(Save(delayed), [late]);
        Assert.True(result.Check.Violations > 0);
        Assert.All(result.Check.First, v => Assert.Contains("'bias1'", v.What, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bit_that_is_changed_in_one_payload_is_caught_at_sender_and_receiver()
    {
        var run = await RecordedRun.Record(ResidualStack.Build<float>(2), new NetworkOptions(), payloads: true);
        var edited = run.Edit(r => r is { Kind: "error", Form: TraceForm.Whole, Step: 2 }, r =>
        {
            var bytes = r.Payload!.Whole!.ToArray();
            bytes[0] ^= 1;
            var payload = new TracePayload(bytes, []);
            return r with { Payload = payload, Hash = TraceHash.Of(payload) };
        });
        var (from, to) = run.Records.Where(r => r is { Kind: "error", Form: TraceForm.Whole, Step: 2 })
            .Select(r => (run.Header.Vertices[r.From].Name, run.Header.Vertices[r.To].Name)).First();
        var first = Recomputation.Run(Save(edited)).Check.First;
        Assert.Contains(first, v => v.What.Contains($"error of '{from}' to '{to}'", StringComparison.Ordinal));
        // What the receiver makes of it is another thing than it sent.
        Assert.Contains(first, v => v.What.Contains($" of '{to}' to ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_payload_that_is_not_what_was_hashed_is_caught_by_the_audit()
    {
        var run = await RecordedRun.Record(ResidualStack.Build<float>(2), new NetworkOptions(), payloads: true);
        var edited = run.Edit(
            r => r is { Kind: "error", Form: TraceForm.Whole },
            r => r with { Payload = new TracePayload(new byte[r.Payload!.Whole!.Length], []) });
        Assert.Equal(1, edited.Audit()["tensors"].Violations);
    }

    [Fact]
    public async Task A_trace_without_payloads_is_refused()
    {
        var path = Save(await RecordedRun.Record(ResidualStack.Build<float>(1), new NetworkOptions()));
        var refusal = Assert.Throws<TraceException>(() => Recomputation.Run(path));
        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("no payloads", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_that_no_catalogue_has_is_refused_by_name()
    {
        var builder = new GraphBuilder<float>(3);
        var x = builder.Data("x", new Shape(2, 4)).Dense("in", 4);
        var graph = builder.Build(builder.Apply(new ThrowingFunction(), [x], "own").Dense("out", 3));
        var path = Save(await RecordedRun.Record(graph, new NetworkOptions(), payloads: true));
        var refusal = Assert.Throws<TraceException>(() => Recomputation.Run(path));
        Assert.Contains("'own' cannot be recomputed: the operator 'Throwing'", refusal.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public async Task A_run_that_goes_on_from_a_snapshot(Optimizer optimizer)
    {
        var graph = ResidualStack.Build<float>(1);
        var options = new NetworkOptions { Seed = 5, Optimizer = optimizer };
        await Check(graph, options, await SnapshotAsync(graph, options));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_bit_that_is_changed_in_what_the_optimizer_had_gathered_is_caught(int tensor)
    {
        var run = await ResumedAsync();
        var edited = run.Edit(r => r is { Kind: "connect", State: not null } && run.Header.Vertices[r.To].RequiresError,
            r =>
        {
            var elements = r.State!.Elements.Select(e => e.ToArray()).ToList();
            elements[tensor][2] ^= 1;
            return r with { State = r.State with { Elements = elements } };
        });
        Assert.Equal(1, edited.Audit()["tensors"].Violations);
        Assert.True(Recomputation.Run(Save(edited)).Check.Violations > 0);
        // With a hash that is right nobody but the recomputation knows.
        var repaired = edited.With(
            records =>
                records.Select(
                    r => r.State is null
                        ? r
                        : r with { State = r.State with { Hash = TraceHash.Of(r.State.Elements) } }));
        Assert.Equal(0, repaired.Audit().Violations);
        var result = Recomputation.Run(Save(repaired));
        Assert.True(result.Check.Violations > 0);
        var name = run.Header.Vertices[edited.Records.Except(run.Records).First().To].Name;
        Assert.All(result.Check.First, v => Assert.Contains($"'{name}'", v.What, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_count_of_updates_that_is_changed_is_caught()
    {
        var run = await ResumedAsync();
        var edited = run.Edit(r => r is { Kind: "connect", State: not null },
            r => r with { State = r.State! with { Updates = 1 } });
        Assert.True(Recomputation.Run(Save(edited)).Check.Violations > 0);
    }

    [Fact]
    public async Task A_parameter_that_learns_at_another_schedules_rate_is_caught()
    {
        // The rate is that of the run's third step, not of the recorded one's first.
        var graph = ResidualStack.Build<float>(1);
        var options = new NetworkOptions { Optimizer = new Adam(0.01), Schedule = new StepDecay(2, 0.5) };
        var run = await RecordedRun.Record(graph, options, payloads: true,
            snapshot: await SnapshotAsync(graph, options));
        Assert.Equal([], Recomputation.Run(Save(run)).Check.First);
        foreach (var other in new[] { Schedule.Constant, new StepDecay(3, 0.5), new Cosine(9) })
        {
            var edited = run with { Header = run.Header with { Schedule = other } };
            Assert.True(Recomputation.Run(Save(edited)).Check.Violations > 0, other.Name);
        }
    }

    [Fact]
    public async Task A_state_of_another_optimizer_is_refused()
    {
        var run = await ResumedAsync();
        var edited = run.Edit(r => r is { Kind: "connect", State: not null },
            r => r with { State = r.State! with { Elements = [.. r.State.Elements, [1]] } });
        var refusal = Assert.Throws<TraceException>(() => Recomputation.Run(Save(edited)));
        Assert.Contains("adam has 2 tensors of state, and 3 are recorded", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_is_recomputed_with_what_the_optimizer_has_gathered()
    {
        var options = new NetworkOptions { Optimizer = new Adam(0.01) };
        var graph = ResidualStack.Build<float>(1);
        var run = await RecordedRun.OfAsync(
            graph,
            options,
            async network =>
            {
                await network.StepAsync(RandomBatch.Create(graph, options.Loss, 1, 1));
                await network.SnapshotAsync();
            },
            trace => trace with { Payloads = true });
        Assert.Equal([], Recomputation.Run(Save(run)).Check.First);
        var edited = run.Edit(r => r is { Kind: "snapshotReport", State.Elements.Count: > 0 }, r =>
        {
            var elements = r.State!.Elements.Select(e => e.ToArray()).ToList();
            elements[^1][^1] ^= 1;
            return r with { State = r.State with { Elements = elements } };
        });
        Assert.Equal(1, Recomputation.Run(Save(edited)).Check.Violations);
    }

    [Fact]
    public async Task A_trace_without_what_the_optimizer_had_gathered_is_refused()
    {
        // As it was recorded before.
        var run = (await ResumedAsync()).With(records => records.Select(r => r with { State = null }));
        Assert.Equal([], run.Audit().Checks.SelectMany(c => c.First));
        var refusal = Assert.Throws<TraceException>(() => Recomputation.Run(Save(run)));
        Assert.Contains("goes on from step 2", refusal.Message, StringComparison.Ordinal);
        int[] others = [.. run.Header.Vertices.Where(v => v.Kind != VertexKind.Parameter).Select(v => v.Id)];
        Assert.Equal([], Recomputation.Run(Save(run), others).Check.First);
    }

    private async Task<RecordedRun> ResumedAsync()
    {
        var graph = ResidualStack.Build<float>(1);
        var options = new NetworkOptions { Seed = 5, Optimizer = new Adam(0.01) };
        return await RecordedRun.Record(graph, options, payloads: true, snapshot: await SnapshotAsync(graph, options));
    }

    /// <summary>What a run goes on from, out of a checkpoint.</summary>
    private async Task<NetworkSnapshot<float>> SnapshotAsync(Graph<float> graph, NetworkOptions options)
    {
        await using var network = await Network<float>.StartAsync(graph, options);
        for (var step = 0; step < 2; step++)
            await network.StepAsync(RandomBatch.Create(graph, options.Loss, 1, (ulong)step));
        await using var store = new CheckpointDirectory(_folder.PathOf("checkpoints"));
        await store.SaveAsync(StoredStates.ManifestOf(2), await network.SnapshotAsync());
        return await store.LoadAsync<float>((await store.ListAsync()).Checkpoints.Single());
    }

    private async Task Check<T>(Graph<T> graph, NetworkOptions options, NetworkSnapshot<T>? snapshot = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var run = await RecordedRun.Record(graph, options, payloads: true, snapshot: snapshot);
        Assert.Equal([], run.Audit().Checks.SelectMany(c => c.First));
        var result = Recomputation.Run(Save(run));
        Assert.Equal([], result.Check.First);
        Assert.Equal(run.Header.Vertices.Count, result.Vertices);
        Assert.Equal(run.Records.Count(r => r.From >= 0), result.Messages);
    }

    private string Save(RecordedRun run)
    {
        var path = Path.Combine(_folder.Path, "run.trace.gz");
        run.Save(path);
        return path;
    }
}
