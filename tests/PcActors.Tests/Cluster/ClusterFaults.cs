using Akka.Actor;
using PcActors.Cluster;
using PcActors.Cluster.Hosting;
using PcActors.Cluster.Links;
using PcActors.Data.Digits;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tests.Learning;
using PcActors.Tests.Models;

namespace PcActors.Tests.Cluster;

/// <summary>Packets that are lost, doubled and out of order between nodes, and workers that go: the bits of
/// the undisturbed run.</summary>
public sealed class ClusterFaults
{
    private const int BatchSize = 24;

    [Theory]
    [InlineData(Clock.Wavefront)]
    [InlineData(Clock.Lockstep)]
    public async Task Packets_that_go_wrong_change_no_bit_and_are_repaired_within_their_step(Clock clock)
    {
        var faults = new PacketFaults();
        await using var cluster = await LocalCluster.StartAsync(2, new LinkTap(faults.Pass));
        var traffic = await CheckAsync(cluster, clock, 30);
        Assert.True(faults.Count > 15);
        Assert.InRange(traffic.Sum(l => l.Resent), 1, 1_000);
        Assert.InRange(traffic.Sum(l => l.Repeated), 1, 1_000);
    }

    [Fact]
    public async Task A_worker_s_part_that_throws_ends_the_run_and_names_the_node()
    {
        await using var cluster = await LocalCluster.StartAsync(2);
        await using var run = await Network<float>.StartAsync(
            SmallModels.Build<float>("residual", BatchSize),
            new NetworkOptions { Where = new OnNodes(cluster.Coordinator) { Nodes = 2 } });
        await run.StepAsync(run.NewBatch()).WaitAsync(Training.Patience);
        // It throws when it takes this.
        cluster.Workers[0].System.ActorSelection($"/user/{HostActor.Name}/*").Tell(Kill.Instance);
        var failure = await Assert.ThrowsAsync<RunFailedException>(async () =>
        {
            while (true) await run.StepAsync(run.NewBatch()).WaitAsync(Training.Patience);
        });
        Assert.Contains(cluster.Workers[0].Address, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_leaves_takes_nothing_with_it()
    {
        await using var cluster = await LocalCluster.StartAsync(3);
        await CheckAsync(cluster, Clock.Wavefront, 8, before: async step =>
        {
            if (step != 5) return;
            await cluster.Workers[1].DisposeAsync();
            cluster.Workers.RemoveAt(1);
        });
    }

    [Fact]
    public async Task A_worker_that_dies_is_noticed_and_takes_nothing_with_it()
    {
        await using var cluster = await LocalCluster.StartAsync(2, pause: 4);
        await CheckAsync(cluster, Clock.Lockstep, 8, before: async step =>
        {
            if (step != 5) return;
            await cluster.Workers[0].System.Terminate();
            cluster.Workers.RemoveAt(0);
        });
    }

    [Fact]
    public async Task Workers_that_have_lost_the_coordinator_for_whom_they_are_there_end()
    {
        await using var cluster = await LocalCluster.StartAsync(2, pause: 4);
        await cluster.Coordinator.System.Terminate();
        foreach (var worker in cluster.Workers) Assert.False(await worker.Ended.WaitAsync(Training.Patience));
    }

    [Fact]
    public async Task A_worker_that_comes_later_takes_part_when_another_has_gone()
    {
        await using var cluster = await LocalCluster.StartAsync(1);
        await CheckAsync(cluster, Clock.Wavefront, 8, before: async step =>
        {
            if (step == 2) await cluster.AddWorkerAsync();
            if (step != 5) return;
            await cluster.Workers[0].DisposeAsync();
            cluster.Workers.RemoveAt(0);
        });
    }

    private static async Task<IReadOnlyList<LinkCounters>> CheckAsync(
        LocalCluster cluster, Clock clock, int steps, Func<int, Task>? before = null)
    {
        var data = EmbeddedDigits.Load<float>().Standardized().Train;
        var graph = SmallModels.Build<float>("residual", BatchSize / 2);
        await using var reference =
            await ReferenceNetwork.StartAsync<float>(graph, Loss.CrossEntropy, new Adam(0.01), 2);
        var expected = await Training.RunAsync(reference, data, BatchSize, steps);
        var options = new NetworkOptions
        {
            Clock = clock,
            MicroBatches = 2,
            Optimizer = new Adam(0.01),
        };
        await using var network = await Network<float>.StartAsync(
            graph,
            options with
            {
                Where = new OnNodes(cluster.Coordinator)
                {
                    Nodes = cluster.Workers.Count,
                    SnapshotEvery = 3
                }
            });
        var found = await Training.RunAsync(network, data, BatchSize, steps, before);
        Assert.Equal(expected.Losses, found.Losses);
        Assert.Equal(expected.Hash, found.Hash);
        Assert.All(found.Attempts, attempts => Assert.Equal(1, attempts));
        return cluster.Traffic();
    }
}
