using Akka.Actor;
using Akka.Cluster;
using PcActors.Cluster;
using PcActors.Cluster.Client;
using PcActors.Cluster.Hosting;
using PcActors.Cluster.Links;
using PcActors.Cluster.Membership;
using PcActors.Cluster.Traces;
using PcActors.Cluster.Wire;
using PcActors.Data.Digits;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tests.Data;
using PcActors.Tests.Learning;
using PcActors.Tests.Models;
using PcActors.Tracing;
using PcActors.Tracing.Audit;
using PcActors.Tracing.Audit.Recomputing;
using PcActors.Tracing.Format;

namespace PcActors.Tests.Cluster;

/// <summary>What all nodes record of a run makes one trace, which passes the audit of locality; and cheats
/// across nodes do not.</summary>
public sealed class ClusterTraces : IDisposable
{
    private const int BatchSize = 24;
    private const int Steps = 4;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2, Clock.Wavefront, false)]
    [InlineData(2, Clock.Lockstep, true)]
    [InlineData(3, Clock.Wavefront, true)]
    [InlineData(3, Clock.Lockstep, false)]
    public async Task The_trace_of_all_nodes_passes_the_audit(int nodes, Clock clock, bool payloads)
    {
        await using var cluster = await LocalCluster.StartAsync(nodes);
        var (path, failure) = await RecordAsync(cluster, clock, payloads);
        Assert.Null(failure);
        var (header, records) = Read(path);
        var audit = TraceAudit.Run(header, records);
        Assert.Empty(audit.Checks.SelectMany(c => c.First));
        Assert.Equal((Steps, 1), (audit.Steps, audit.Predictions));
        // Every node has its records, and messages have gone between them.
        Assert.Equal(nodes + 1, records.Select(r => r.Node).Distinct().Count());
        var nodeOf = records.Where(r => r.To >= 0).GroupBy(r => r.To)
            .ToDictionary(g => g.Key, g => g.Select(r => r.Node).Distinct().Single());
        Assert.Contains(records, r => r.IsBetweenVertices && nodeOf[r.From] != nodeOf[r.To]);
        Assert.All(records.Where(r => r.Taken > 0),
            r => Assert.True(r.ArrivedAt >= 0 && r.ArrivedAt <= r.TakenAt && r.TakenAt <= r.DoneAt));
        if (!payloads) return;
        var recomputed = Recomputation.Run(path);
        Assert.Empty(recomputed.Check.First);
        Assert.Equal(header.Vertices.Count, recomputed.Vertices);
    }

    [Fact]
    public async Task With_four_micro_batches_several_of_four_nodes_are_at_work_at_once()
    {
        await using var cluster = await LocalCluster.StartAsync(4);
        // A vertex of so small a network works for microseconds: whether two do at once in one run is a matter of luck
        // where there are fewer cores than nodes.
        NodesAtWork work;
        var runs = 0;
        do
        {
            var (path, failure) = await RecordAsync(cluster, Clock.Wavefront, payloads: false, microBatches: 4);
            Assert.Null(failure);
            work = NodesAtWork.Of(Read(path).Records);
            Assert.Equal(4, work.Nodes);
        }
        while (work.Several == 0 && ++runs < 8);
        Assert.True(work.Most >= 2, $"{work}");
        Assert.True(work.Several > 0, $"{work}");
    }

    [Fact]
    public async Task Packets_that_go_wrong_do_not_show_in_the_trace()
    {
        var faults = new PacketFaults();
        await using var cluster = await LocalCluster.StartAsync(2, new LinkTap(faults.Pass));
        var (path, failure) = await RecordAsync(cluster, Clock.Lockstep, payloads: false);
        Assert.Null(failure);
        Assert.True(faults.Count > 2);
        var (header, records) = Read(path);
        Assert.Empty(TraceAudit.Run(header, records).Checks.SelectMany(c => c.First));
    }

    [Fact]
    public async Task When_a_node_is_lost_the_run_goes_on_and_says_that_there_is_no_trace()
    {
        await using var cluster = await LocalCluster.StartAsync(2);
        var troubles = new List<string>();
        var (_, failure) = await RecordAsync(cluster, Clock.Wavefront, payloads: false, troubles, async (_, step) =>
        {
            if (step != 2) return;
            await cluster.Workers[0].DisposeAsync();
            cluster.Workers.RemoveAt(0);
        });
        Assert.Contains("a node was lost", failure?.Message, StringComparison.Ordinal);
        Assert.Contains("the trace is abandoned", Assert.Single(troubles), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_lost_before_the_run_has_begun_costs_no_trace()
    {
        var mayBegin = false;
        IEnumerable<object> Pass(string end, object packet) =>
            !Volatile.Read(ref mayBegin) && packet is LinkFrame frame
                && frame.Parcels.Any(p => p.Manifest == "verticesSpawned")
                ? []
                : [packet];
        await using var cluster = await LocalCluster.StartAsync(3, new LinkTap(Pass));
        var lost = cluster.Workers[0];
        // The first placing is to be on all of them.
        await Eventually.HoldsAsync(() => AkkaCluster.Get(cluster.Coordinator.System).State.Members
            .Count(m => m.Status == MemberStatus.Up) == 4);
        var recording = RecordAsync(cluster, Clock.Wavefront, payloads: false, nodes: 2);
        await Eventually.HoldsAsync(() => cluster.Workers.TrueForAll(w => !NodeBook.Of(w.System).Parts.IsEmpty));
        await lost.DisposeAsync();
        Volatile.Write(ref mayBegin, true);
        var (path, failure) = await recording;
        Assert.Null(failure);
        var (header, records) = Read(path);
        Assert.Empty(TraceAudit.Run(header, records).Checks.SelectMany(c => c.First));
        var nodes = records.Select(r => r.Node).ToHashSet();
        Assert.Equal(3, nodes.Count);
        Assert.DoesNotContain(lost.Address, nodes);
    }

    [Theory]
    [InlineData(Clock.Wavefront)]
    [InlineData(Clock.Lockstep)]
    public async Task A_node_that_cannot_write_its_part_any_more_costs_the_trace_and_not_the_run(Clock clock)
    {
        await using var cluster = await LocalCluster.StartAsync(2);
        var troubles = new List<string>();
        // As on a disk that is full: the next write fails.
        var (_, failure) = await RecordAsync(cluster, clock, payloads: false, troubles, (network, step) =>
        {
            if (step == 1) NodeTraces.Of(cluster.Workers[1].System).Of(NameOf(network)).Single().Value.Dispose();
            return Task.CompletedTask;
        });
        Assert.NotNull(failure);
        Assert.Contains("the trace is abandoned", Assert.Single(troubles), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recorded_run_that_goes_on_from_a_snapshot_has_the_bits_and_messages_of_one_that_was_never_stopped()
    {
        const int Half = Steps / 2;
        await using var cluster = await LocalCluster.StartAsync(2);
        var data = EmbeddedDigits.Load<float>().Standardized().Train;
        var graph = SmallModels.Build<float>("residual", BatchSize);
        NetworkOptions Options(string path) => new()
        {
            Where = new OnNodes(cluster.Coordinator) { Nodes = 2, SnapshotEvery = 1 },
            Recording = new TraceRecording(new TraceOptions { Output = TraceFile.Create(path), Payloads = true }),
            Optimizer = new Adam(0.01),
        };
        await using var whole =
            await Network<float>.StartAsync(graph, new NetworkOptions { Optimizer = new Adam(0.01) });
        var expected = await Training.RunAsync(whole, data, BatchSize, Steps);
        NetworkSnapshot<float>? snapshot = null;
        foreach (var name in new[] { "first", "second" })
        {
            var (path, from) = (_folder.PathOf(name), snapshot);
            await using (var network = await Network<float>.StartAsync(graph, Options(path), from))
            {
                var found = await Training.RunAsync(network, data, BatchSize, from is null ? Half : Steps,
                    from: from is null ? 0 : Half);
                snapshot = await network.SnapshotAsync();
                if (from is not null) Assert.Equal(expected.Hash, found.Hash);
            }
            var (header, records) = Read(path);
            var audit = TraceAudit.Run(header, records);
            Assert.Empty(audit.Checks.SelectMany(c => c.First));
            Assert.Equal(Half, audit.Steps);
            var recomputed = Recomputation.Run(path);
            Assert.Empty(recomputed.Check.First);
            Assert.Equal(header.Vertices.Count, recomputed.Vertices);
        }
        Assert.Equal((await whole.CountMessagesAsync()).Total, snapshot!.Messages.Total);
        Assert.Equal(Steps, snapshot.Step);
    }

    [Fact]
    public async Task What_nodes_have_recorded_for_a_client_that_is_gone_is_given_up()
    {
        await using var cluster = await LocalCluster.StandAsync(2);
        var client = await ClusterNode.JoinAsync(
            LocalCluster.Options() with
            {
                Roles = [NodeRoles.Coordinator],
                FollowsCoordinator = false,
                Seeds = [cluster.Workers[0].Address]
            });
        var options = new NetworkOptions
        {
            Where = new OnNodes(client) { Nodes = 2 },
            Recording = new TraceRecording(new TraceOptions { Output = Stream.Null }),
        };
        var run = await Network<float>.StartAsync(SmallModels.Build<float>("residual", BatchSize), options);
        await run.StepAsync(run.NewBatch()).WaitAsync(Training.Patience);
        var traces = cluster.Workers.Select(w => NodeTraces.Of(w.System)).ToList();
        Assert.All(traces, t => Assert.NotEmpty(t.Of(NameOf(run))));
        // It does not fetch them.
        await client.DisposeAsync();
        await Eventually.HoldsAsync(() => traces.TrueForAll(t => !t.Of(NameOf(run)).Any()));
    }

    [Fact]
    public Task A_message_to_one_on_another_node_who_is_no_neighbour_is_caught() =>
    CatchAsync("edges", (graph, from, to) =>
        graph.Edges.Any(e => (e.From, e.To) == (from, to) || (e.From, e.To) == (to, from))
            ? null
            : graph.Edges.Cast<Edge?>().First(e => e!.Value.From != to && e.Value.To != to));

    [Fact]
    public Task A_forged_sender_on_another_node_is_caught() => CatchAsync("senders", (graph, from, to) =>
        graph.Edges.Cast<Edge?>()
            .FirstOrDefault(e => e!.Value.From == to && graph.CarriesError(e.Value) && e.Value.To != from));

    [Fact]
    public async Task Somebody_in_between_who_forges_senders_is_caught()
    {
        var forger = new Forger();
        await using var cluster = await LocalCluster.StartAsync(2, new LinkTap(forger.Pass));
        var (path, failure) = await RecordAsync(cluster, Clock.Wavefront, payloads: false);
        Assert.Null(failure);
        Assert.True(forger.Count > 0);
        AssertCaught("senders", path);
    }

    /// <summary>Lets a vertex say something to another node's vertex that it has no business to say.</summary>
    private async Task CatchAsync(string check, Func<Graph<float>, int, int, Edge?> edgeOf)
    {
        await using var cluster = await LocalCluster.StartAsync(2);
        var sent = 0;
        var (path, failure) =
            await RecordAsync(cluster, Clock.Wavefront, payloads: false, before: async (network, step) =>
        {
            if (step != 2) return;
            var worker = cluster.Workers[0].System;
            var term = NodeTraces.Of(worker).Of(NameOf(network)).Single().Key.Term;
            var part = worker.ActorSelection($"/user/{HostActor.Name}/{HostActor.PartName(NameOf(network), term)}");
            var graph = network.RunGraph;
            foreach (var (from, to) in from a in graph.Vertices from b in graph.Vertices select (a.Id, b.Id))
            {
                if (sent > 0 || edgeOf(graph, from, to) is not { Number: var number }) continue;
                var (sender, proxy) = (await FindAsync(worker, part, VertexNames.Of(from)),
                    await FindAsync(worker, part, VertexNames.OfRemote(to)));
                if (sender is null || proxy is null) continue;
                // Of a step that never was: who gets it ignores it. The audit does not.
                proxy.Tell(new ErrorMessage<float>(default, 0, 1, number, new(Tensor<float>.Scalar(1), null)), sender);
                sent++;
            }
        });
        Assert.Null(failure);
        Assert.Equal(1, sent);
        AssertCaught(check, path);
    }

    private static async Task<IActorRef?> FindAsync(ActorSystem system, ActorSelection part, string name)
    {
        try
        {
            return await system.ActorSelection($"{part.PathString}/{name}").ResolveOne(TimeSpan.FromMilliseconds(100));
        }
        catch (ActorNotFoundException)
        {
            return null;
        }
    }

    private static void AssertCaught(string check, string path)
    {
        var (header, records) = Read(path);
        var violated = TraceAudit.Run(header, records).Checks.Where(c => c.Violations > 0).Select(c => c.Name);
        Assert.Contains(check, violated);
    }

    private static (TraceHeader Header, IReadOnlyList<TraceRecord> Records) Read(string path)
    {
        using var reader = TraceReader.Open(path);
        return (reader.Header, [.. reader.Records()]);
    }

    private async Task<(string Path, Exception? Failure)> RecordAsync(
        LocalCluster cluster, Clock clock, bool payloads, List<string>? troubles = null,
        Func<Network<float>, int, Task>? before = null,
        int microBatches = 2, int? nodes = null)
    {
        var data = EmbeddedDigits.Load<float>().Standardized().Train;
        var graph = SmallModels.Build<float>("residual", BatchSize / microBatches);
        await using var reference =
            await ReferenceNetwork.StartAsync<float>(graph, Loss.CrossEntropy, new Adam(0.01), microBatches);
        var expected = await Training.RunAsync(reference, data, BatchSize, Steps);
        var path = _folder.PathOf("run.trace");
        var recording = new TraceRecording(
            new TraceOptions
            {
                Output = TraceFile.Create(path),
                Payloads = payloads,
                OnTrouble = trouble => troubles?.Add(trouble)
            });
        var options = new NetworkOptions
        {
            Where = new OnNodes(cluster.Coordinator) { Nodes = nodes ?? cluster.Workers.Count, SnapshotEvery = 3 },
            Recording = recording,
            Clock = clock,
            MicroBatches = microBatches,
            Optimizer = new Adam(0.01),
        };
        var network = await Network<float>.StartAsync(graph, options);
        await using (network)
        {
            var found = await Training.RunAsync(network, data, BatchSize, Steps,
                step => before?.Invoke(network, step) ?? Task.CompletedTask);
            Assert.Equal(expected.Hash, found.Hash);
            await network.PredictAsync(network.NewBatch());
        }
        return (path, recording.Failure);
    }

    private static string NameOf(Network<float> network) => ((ClusterRun<float>)network.Run).Name;
}
