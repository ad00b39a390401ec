using PcActors.Cluster;
using PcActors.Cluster.Membership;
using PcActors.Data.Digits;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tests.Learning;
using PcActors.Tests.Models;

namespace PcActors.Tests.Cluster;

/// <summary>The coordinator is on a node of its own, and goes with it: another takes over, and nobody who
/// asks for steps notices.</summary>
public sealed class CoordinatorTakeover
{
    private const int BatchSize = 24;
    private const int Steps = 9;

    private static readonly NetworkOptions Options = new() { MicroBatches = 2, Optimizer = new Adam(0.01) };

    [Fact]
    public Task A_coordinator_that_takes_leave_takes_nothing_with_it() => CheckTakeoverAsync(takesLeave: true);

    [Fact]
    [Trait("Suite", "Long")]
    public Task A_coordinator_that_is_gone_all_at_once_takes_nothing_with_it() =>
        CheckTakeoverAsync(takesLeave: false);

    private static async Task CheckTakeoverAsync(bool takesLeave)
    {
        var lines = new List<string>();
        await using var cluster = await LocalCluster.StandAsync(3, pause: 4);
        var first = cluster.Workers[0];
        await CheckAsync(cluster, lines.Add, async step =>
        {
            if (step != 5) return;
            if (takesLeave) await first.DisposeAsync();
            else await first.System.Terminate();
            cluster.Workers.RemoveAt(0);
        });
        Assert.Contains(lines, l => l.EndsWith($"coordinated by {first.Address}", StringComparison.Ordinal));
        Assert.Contains(lines,
            l => l.Contains($"the coordinator at {first.Address} is gone", StringComparison.Ordinal));
        Assert.Contains(lines,
            l => l.EndsWith($"coordinated by {cluster.Workers[0].Address}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Runs_of_several_clients_share_a_coordinator_and_one_that_ends_leaves_the_others_alone()
    {
        await using var cluster = await LocalCluster.StandAsync(2);
        var data = EmbeddedDigits.Load<float>().Standardized().Train;
        await using var one = await StartAsync(cluster, null);
        var two = await StartAsync(cluster, null);
        var both =
            await Task.WhenAll(Training.RunAsync(one, data, BatchSize, 3), Training.RunAsync(two, data, BatchSize, 3));
        await two.DisposeAsync();
        Assert.Equal(both[0].Hash, both[1].Hash);
        Assert.Equal(MessageForecast.Of(one.RunGraph, LearningRule.Zil, 2).PerStep * 3,
            (await one.CountMessagesAsync().WaitAsync(Training.Patience)).Total);
    }

    [Fact]
    public async Task A_worker_that_is_cut_off_when_a_run_ends_closes_its_part_when_it_is_back()
    {
        await using var cluster = await LocalCluster.StandAsync(2, isThrottled: true);
        var run = await StartAsync(cluster, null);
        await run.StepAsync(run.NewBatch()).WaitAsync(Training.Patience);
        Assert.All(cluster.Workers, w => Assert.Single(NodeBook.Of(w.System).Parts));
        ClusterNode[] others = [cluster.Workers[0], cluster.Coordinator];
        await LocalCluster.PartitionAsync([cluster.Workers[1]], others);
        await run.DisposeAsync();
        await Eventually.HoldsAsync(() => NodeBook.Of(cluster.Workers[0].System).Parts.IsEmpty);
        Assert.NotEmpty(NodeBook.Of(cluster.Workers[1].System).Parts);
        await LocalCluster.HealAsync([cluster.Workers[1]], others);
        await Eventually.HoldsAsync(() => NodeBook.Of(cluster.Workers[1].System).Parts.IsEmpty);
    }

    [Fact]
    public async Task A_run_that_diverges_says_so_through_the_coordinator_and_names_step_and_vertex()
    {
        await using var cluster = await LocalCluster.StandAsync(1);
        var graph = SmallModels.Build<float>("residual", BatchSize);
        await using var run = await Network<float>.StartAsync(
            graph, new NetworkOptions { Where = new OnNodes(cluster.Coordinator) });
        await using var local = await Network<float>.StartAsync(graph);
        var messages = new List<string>();
        foreach (var network in new INetwork<float>[] { run, local })
        {
            await Training.RunAsync(network, EmbeddedDigits.Load<float>().Standardized().Train, BatchSize, 2);
            var batch = network.NewBatch();
            batch.Inputs[0].Writable.Fill(float.NaN);
            messages.Add(
                (await Assert.ThrowsAsync<DivergedException>(
                    () => network.StepAsync(batch).WaitAsync(Training.Patience))).Message);
        }
        Assert.Equal(messages[1], messages[0]);
    }

    private static Task<Network<float>> StartAsync(LocalCluster cluster, Action<string>? progress) =>
        Network<float>.StartAsync(
            SmallModels.Build<float>("residual", BatchSize / 2),
            Options with
            {
                Where = new OnNodes(cluster.Coordinator)
                {
                    Nodes = cluster.Workers.Count,
                    SnapshotEvery = 3,
                    Progress = progress
                }
            });

    /// <summary>The bits and the message counts of the undisturbed run.</summary>
    private static async Task CheckAsync(LocalCluster cluster, Action<string> progress, Func<int, Task> before)
    {
        var data = EmbeddedDigits.Load<float>().Standardized().Train;
        await using var reference = await ReferenceNetwork.StartAsync<float>(
            SmallModels.Build<float>("residual", BatchSize / 2), Loss.CrossEntropy, Options.Optimizer, 2);
        var expected = await Training.RunAsync(reference, data, BatchSize, Steps);
        await using var network = await StartAsync(cluster, progress);
        var found = await Training.RunAsync(network, data, BatchSize, Steps, before);
        Assert.Equal(expected.Losses, found.Losses);
        Assert.Equal(expected.Hash, found.Hash);
        var forecast = MessageForecast.Of(network.RunGraph, LearningRule.Zil, 2);
        Assert.Equal(forecast.PerStep * Steps, (await network.CountMessagesAsync().WaitAsync(Training.Patience)).Total);
    }
}
