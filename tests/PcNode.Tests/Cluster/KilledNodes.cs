using System.Globalization;
using PcNode.Tests.Harness;

namespace PcNode.Tests.Cluster;

/// <summary>kill -9 of a worker or of the coordinator's node at a random moment: the run ends by itself, with the
/// weights of one process.</summary>
public sealed class KilledNodes
{
    private static readonly string[] Network = ["residual", "--hidden", "6", "--json"];

    public static TheoryData<int> TwentySeeds => [.. Enumerable.Range(1, 20)];

    [Fact]
    [Trait("Suite", "Long")]
    public async Task Three_nodes_that_are_killed_one_after_the_other_cost_time_and_nothing_else()
    {
        string[] options = [.. Network, "--epochs", "24"];
        var expected = await Pcnode.RunAsync(["train", .. options]);
        using var cluster = await StandingCluster.StartAsync(5);
        using var run = cluster.Train(2, options);
        var random = new Random(3);
        foreach (var (epoch, kills) in new[] { (2, "coordinator"), (9, "worker"), (16, "coordinator") })
        {
            await run.SaysAsync(string.Create(CultureInfo.InvariantCulture, $"epoch {epoch,2}/24"));
            await Task.Delay(random.Next(200));
            cluster.Kill(Choose(cluster, run, random, kills == "coordinator"));
        }
        Assert.Equal(ExitCode.Done, await run.EndAsync());
        Assert.Equal(expected.Last.GetProperty("weightsSha256").GetString(), run.HashOf());
        Assert.Equal(expected.Last.GetProperty("messages").GetInt64(), run.Last.GetProperty("messages").GetInt64());
        Assert.Equal(2, run.Error.Split("another takes over").Length - 1);
    }

    [Theory]
    [Trait("Suite", "Long")]
    [MemberData(nameof(TwentySeeds))]
    public async Task A_node_that_is_killed_at_a_random_moment_costs_time_and_nothing_else(int seed)
    {
        string[] options = [.. Network, "--epochs", "12"];
        var expected = await Pcnode.RunAsync(["train", .. options]);
        using var cluster = await StandingCluster.StartAsync(3);
        using var run = cluster.Train(1, options);
        var random = new Random(seed);
        await run.SaysAsync("epoch  1/12");
        await Task.Delay(random.Next(1_500));
        cluster.Kill(Choose(cluster, run, random, seed % 2 == 0));
        Assert.Equal(ExitCode.Done, await run.EndAsync());
        Assert.Equal(expected.Last.GetProperty("weightsSha256").GetString(), run.HashOf());
    }

    [Fact]
    [Trait("Suite", "Long")]
    public async Task A_coordinator_that_is_frozen_for_a_minute_is_replaced_and_ends_with_3_when_it_wakes()
    {
        string[] options = [.. Network, "--epochs", "12"];
        var expected = await Pcnode.RunAsync(["train", .. options]);
        using var cluster = await StandingCluster.StartAsync(3);
        using var run = cluster.Train(1, options);
        await run.SaysAsync("epoch  2/12");
        var frozen = Choose(cluster, run, new Random(1), coordinator: true).Run;
        Processes.Signal(frozen.Process.Id, "STOP");
        var end = run.EndAsync();
        await Task.WhenAny(end, Task.Delay(TimeSpan.FromSeconds(60)));
        Processes.Signal(frozen.Process.Id, "CONT");
        Assert.Equal(ExitCode.Done, await end);
        Assert.Equal(expected.Last.GetProperty("weightsSha256").GetString(), run.HashOf());
        Assert.Equal(ExitCode.RunFailed, await frozen.EndAsync());
    }

    [Fact]
    [Trait("Suite", "Long")]
    public async Task A_client_that_is_frozen_until_its_cluster_has_removed_it_joins_again_and_goes_on()
    {
        string[] options = [.. Network, "--epochs", "60"];
        var expected = await Pcnode.RunAsync(["train", .. options]);
        using var cluster = await StandingCluster.StartAsync(3);
        using var run = cluster.Train(1, options);
        await run.SaysAsync("epoch  2/60");
        Processes.Signal(run.Process.Id, "STOP");
        await Task.Delay(TimeSpan.FromSeconds(30));
        Processes.Signal(run.Process.Id, "CONT");
        Assert.True(await run.EndAsync() == ExitCode.Done, run.Error);
        Assert.Contains("it joins again", run.Error, StringComparison.Ordinal);
        Assert.Equal(expected.Last.GetProperty("weightsSha256").GetString(), run.HashOf());
        Assert.Equal(expected.Last.GetProperty("messages").GetInt64(), run.Last.GetProperty("messages").GetInt64());
        Assert.All(cluster.Nodes, n => Assert.False(n.Run.Process.HasExited));
    }

    /// <summary>The node that has the coordinator, as the run says, or one of the others.</summary>
    private static StandingCluster.Node Choose(StandingCluster cluster, Processes run, Random random, bool coordinator)
    {
        var place = run.Error.Split("coordinated by ")[^1].Split('\n')[0].Trim();
        var nodes = cluster.Nodes.Where(n => n.Address == place == coordinator).ToList();
        return nodes[random.Next(nodes.Count)];
    }
}
