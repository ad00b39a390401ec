using PcActors.Cluster;
using PcActors.Data.Digits;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tests.Learning;
using PcActors.Tests.Models;

namespace PcActors.Tests.Cluster;

/// <summary>A network that is cut in two: the side with the majority goes on, with the same bits, and the other
/// one ends by itself.</summary>
[Trait("Suite", "Long")]
public sealed class Partitions
{
    private const int BatchSize = 24;
    private const int Steps = 8;

    private static readonly NetworkOptions Options = new() { Optimizer = new Momentum(0.05) };

    [Fact]
    public async Task The_client_on_the_side_with_the_majority_gets_the_bits_of_an_undisturbed_run_without_the_coordinator_that_was_cut_off()
    {
        await using var cluster = await LocalCluster.StandAsync(3, pause: 4, isThrottled: true);
        ClusterNode[] minority = [cluster.Workers[0]];
        ClusterNode[] majority = [cluster.Workers[1], cluster.Workers[2], cluster.Coordinator];
        var data = EmbeddedDigits.Load<float>().Standardized().Train;
        await using var reference = await ReferenceNetwork.StartAsync<float>(
            SmallModels.Build<float>("residual", BatchSize), Loss.CrossEntropy, Options.Optimizer, 1);
        var expected = await Training.RunAsync(reference, data, BatchSize, Steps);
        await using var run = await StartAsync(cluster);
        var found = await Training.RunAsync(run, data, BatchSize, Steps,
            step => step == 5 ? LocalCluster.PartitionAsync(minority, majority) : Task.CompletedTask);
        Assert.Equal(expected.Hash, found.Hash);
        // Nobody asked it to leave.
        Assert.False(await minority[0].Ended.WaitAsync(Training.Patience));
        Assert.All(majority, n => Assert.False(n.Ended.IsCompleted));
    }

    [Fact]
    public async Task The_client_on_the_other_side_fails_and_its_nodes_end()
    {
        await using var cluster = await LocalCluster.StandAsync(3, pause: 4, isThrottled: true);
        ClusterNode[] side = [cluster.Coordinator];
        ClusterNode[] other = [.. cluster.Workers];
        await using var run = await StartAsync(cluster);
        await Assert.ThrowsAsync<RunFailedException>(() => Training.RunAsync(
            run, EmbeddedDigits.Load<float>().Standardized().Train, BatchSize, 100,
            step => step == 2 ? LocalCluster.PartitionAsync(side, other) : Task.CompletedTask));
        Assert.False(await cluster.Coordinator.Ended.WaitAsync(Training.Patience));
        Assert.All(other, n => Assert.False(n.Ended.IsCompleted));
    }

    private static Task<Network<float>> StartAsync(LocalCluster cluster) => Network<float>.StartAsync(
            SmallModels.Build<float>("residual", BatchSize),
            Options with { Where = new OnNodes(cluster.Coordinator) { Nodes = 3, SnapshotEvery = 3 } });
}
