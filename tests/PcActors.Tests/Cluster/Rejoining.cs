using PcActors.Cluster;
using PcActors.Runs;
using PcActors.Tests.Models;

namespace PcActors.Tests.Cluster;

/// <summary>A node that was removed from its cluster finds it again, and one that is disposed of does not.</summary>
public sealed class Rejoining
{
    private static readonly NodeOptions Client = LocalCluster.Options(pause: 4) with
    {
        FollowsCoordinator = false,
        Roles = [NodeRoles.Coordinator],
        // Longer than these tests wait.
        JoinTimeout = TimeSpan.FromMinutes(10),
    };

    [Fact]
    [Trait("Suite", "Long")]
    public async Task Nodes_that_came_after_it_are_whom_it_joins_when_those_that_it_knew_are_gone()
    {
        await using var cluster = await LocalCluster.StandAsync(1, pause: 4);
        var (first, node) = (cluster.Workers[0], cluster.Coordinator);
        for (var i = 0; i < 2; i++)
        {
            cluster.Workers.Add(await ClusterNode.JoinAsync(LocalCluster.Options(pause: 4) with
            {
                FollowsCoordinator = false,
                Roles = [NodeRoles.Worker, NodeRoles.Coordinator],
                Seeds = [first.Address],
            }));
        }
        await first.DisposeAsync();
        cluster.Workers.Remove(first);
        await Eventually.HoldsAsync(() => MembersOf(node).Count == 3);
        await node.System.Terminate();
        await node.RejoinAsync(CancellationToken.None).WaitAsync(Training.Patience);
        Assert.Contains(cluster.Workers[0].Address, MembersOf(node));
        Assert.Contains(cluster.Workers[1].Address, MembersOf(node));
    }

    [Fact]
    public async Task A_node_that_is_disposed_of_while_it_joins_again_or_before_leaves_no_actor_system_behind()
    {
        await using var cluster = await LocalCluster.StandAsync(1);
        var node = await ClusterNode.JoinAsync(Client with { Seeds = [cluster.Workers[0].Address] });
        await cluster.DisposeAsync();
        var removed = node.System;
        await removed.Terminate();
        var rejoining = node.RejoinAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => node.System != removed);
        await node.DisposeAsync().AsTask().WaitAsync(Training.Patience);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rejoining);
        Assert.True(node.System.WhenTerminated.IsCompleted);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => node.RejoinAsync(CancellationToken.None));
        Assert.True(node.System.WhenTerminated.IsCompleted);
    }

    [Fact]
    public async Task A_run_that_ends_while_its_node_joins_again_does_not_wait_for_that()
    {
        await using var cluster = await LocalCluster.StandAsync(1);
        await using var node = await ClusterNode.JoinAsync(Client with { Seeds = [cluster.Workers[0].Address] });
        var run = await Network<float>.StartAsync(
            SmallModels.Build<float>("residual", 4),
            new NetworkOptions { Where = new OnNodes(node) { Rejoins = true } });
        await cluster.DisposeAsync();
        var removed = node.System;
        await removed.Terminate();
        await Eventually.HoldsAsync(() => node.System != removed);
        await run.DisposeAsync().AsTask().WaitAsync(Training.Patience);
        Assert.True(node.System.WhenTerminated.IsCompleted);
    }

    private static List<string> MembersOf(ClusterNode node) =>
        [.. AkkaCluster.Get(node.System).State.Members.Select(m => $"{m.Address.Host}:{m.Address.Port}")];
}
