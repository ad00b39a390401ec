using System.Net;
using System.Text.Json;
using PcNode.Tests.Harness;

namespace PcNode.Tests.Cluster;

/// <summary>Runs on worker processes: the weights of one process, whatever is killed, and nobody left behind.</summary>
public sealed class ClusterProcesses
{
    private static readonly string[] Network = ["residual", "--hidden", "6", "--json"];

    [Fact]
    public async Task Workers_on_this_machine_give_the_weights_of_one_process()
    {
        var expected = await Pcnode.RunAsync(["train", .. Network, "--steps", "20"]);
        using var run = Processes.Start(["train", .. Network, "--steps", "20", "--nodes", "2"]);
        Assert.Equal(ExitCode.Done, await run.EndAsync());
        Assert.Equal(HashOf(expected.Output), HashOf(run.Output));
        Assert.Equal(expected.Last.GetProperty("messages").GetInt64(),
            LastOf(run.Output).GetProperty("messages").GetInt64());
    }

    [Theory]
    [InlineData("KILL", 2)]
    public Task A_worker_that_is_killed_costs_time_and_nothing_else(string signal, int nodes) =>
        WorkerIsKilledAsync(signal, nodes);

    [Theory]
    [Trait("Suite", "Long")]
    [InlineData("KILL", 1)]
    [InlineData("TERM", 2)]
    public Task So_does_the_only_one_and_one_that_is_asked_to_end(string signal, int nodes) =>
        WorkerIsKilledAsync(signal, nodes);

    private static async Task WorkerIsKilledAsync(string signal, int nodes)
    {
        var expected = await Pcnode.RunAsync(["train", .. Network, "--epochs", "12"]);
        using var run = Processes.Start(["train", .. Network, "--epochs", "12", "--nodes", $"{nodes}"]);
        await run.SaysAsync("epoch  2/12");
        var workers = run.Children();
        Assert.Equal(nodes, workers.Length);
        Processes.Signal(workers[0], signal);
        Assert.Equal(ExitCode.Done, await run.EndAsync());
        Assert.Contains("the graph is placed again", run.Error, StringComparison.Ordinal);
        Assert.Equal(HashOf(expected.Output), HashOf(run.Output));
        await Processes.AreGoneAsync(workers);
    }

    [Fact]
    public async Task A_node_that_other_machines_can_reach_without_a_certificate_says_so_at_each_start()
    {
        using var first = Processes.Start("node", "--hostname", Dns.GetHostName(), "--insecure");
        await first.SaysAsync("worker and coordinator at ");
        Assert.Contains($"whoever reaches {Dns.GetHostName()} can use it", first.Error, StringComparison.Ordinal);
        var seed = first.Error.Trim().Split(' ')[^1];
        using var second = Processes.Start([], ["node", "--hostname", Dns.GetHostName(), "--seed", seed],
            ("PCNODE_INSECURE", "true"));
        await second.SaysAsync("worker and coordinator at ");
        Assert.Contains("warning: without a certificate nothing is encrypted", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Suite", "Long")]
    public async Task Workers_that_are_killed_every_second_cost_time_and_nothing_else()
    {
        var expected = await Pcnode.RunAsync(["train", .. Network, "--epochs", "400"]);
        using var run = Processes.Start(["train", .. Network, "--epochs", "400", "--nodes", "3"]);
        await run.SaysAsync("epoch   2/400");
        var random = new Random(7);
        for (var i = 0; i < 10; i++)
        {
            if (run.Children() is { Length: > 0 } workers)
                Processes.Signal(workers[random.Next(workers.Length)], "KILL");
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(ExitCode.Done, await run.EndAsync());
        Assert.Equal(HashOf(expected.Output), HashOf(run.Output));
    }

    [Theory]
    [Trait("Suite", "Long")]
    [InlineData("workers client", 0)]
    [InlineData("workers client", 4)]
    [InlineData("client workers", 4)]
    [InlineData("client", 0)]
    public async Task A_run_whose_client_is_frozen_goes_on_whether_or_not_its_workers_are_and_in_whatever_order_they_wake(string order, int apart)
    {
        var expected = await Pcnode.RunAsync(["train", .. Network, "--epochs", "100"]);
        using var run = Processes.Start(["train", .. Network, "--epochs", "100", "--nodes", "2"]);
        await run.SaysAsync("epoch   2/100");
        var workers = run.Children();
        await FreezeAsync([.. order.Split(' ').SelectMany(who => who == "client" ? [run.Process.Id] : workers)], apart);
        Assert.Equal(ExitCode.Done, await run.EndAsync());
        Assert.Equal(HashOf(expected.Output), HashOf(run.Output));
    }

    [Fact]
    [Trait("Suite", "Long")]
    public async Task A_standing_cluster_that_is_frozen_goes_on_with_its_run()
    {
        var expected = await Pcnode.RunAsync(["train", .. Network, "--epochs", "100"]);
        using var cluster = await StandingCluster.StartAsync(2);
        using var run = cluster.Train(2, [.. Network, "--epochs", "100"]);
        await run.SaysAsync("epoch   2/100");
        await FreezeAsync([.. cluster.Nodes.Select(node => node.Run.Process.Id), run.Process.Id], secondsApart: 0);
        Assert.True(await run.EndAsync() == ExitCode.Done,
            string.Join('\n', cluster.Nodes.Select(n => n.Run.Error).Prepend(run.Error)));
        Assert.Equal(HashOf(expected.Output), HashOf(run.Output));
    }

    [Fact]
    [Trait("Suite", "Long")]
    public async Task A_worker_that_is_frozen_for_a_minute_costs_time_and_nothing_else()
    {
        var expected = await Pcnode.RunAsync(["train", .. Network, "--epochs", "12"]);
        using var run = Processes.Start(["train", .. Network, "--epochs", "12", "--nodes", "2"]);
        await run.SaysAsync("epoch  2/12");
        var workers = run.Children();
        Processes.Signal(workers[0], "STOP");
        var end = run.EndAsync();
        await Task.WhenAny(end, Task.Delay(TimeSpan.FromSeconds(60)));
        Processes.Signal(workers[0], "CONT");
        Assert.Equal(ExitCode.Done, await end);
        Assert.Equal(HashOf(expected.Output), HashOf(run.Output));
        await Processes.AreGoneAsync(workers);
    }

    [Theory]
    [Trait("Suite", "Long")]
    [InlineData("mlp")]
    [InlineData("cnn")]
    [InlineData("rnn")]
    [InlineData("residual")]
    [InlineData("transformer")]
    public async Task Any_number_of_workers_and_both_clocks_give_the_weights_of_one_process(string model)
    {
        string[] options = ["train", model, "--steps", "8", "--json"];
        var expected = await Pcnode.RunAsync(options);
        foreach (var clock in new[] { "wavefront", "lockstep" })
        {
            for (var nodes = 1; nodes <= 4; nodes++)
            {
                using var run = Processes.Start([.. options, "--clock", clock, "--nodes", $"{nodes}"]);
                Assert.Equal(ExitCode.Done, await run.EndAsync());
                Assert.Equal(HashOf(expected.Output), HashOf(run.Output));
            }
        }
    }

    [Theory]
    [Trait("Suite", "Long")]
    [InlineData("TERM", ExitCode.Terminated)]
    [InlineData("INT", ExitCode.Interrupted)]
    [InlineData("KILL", 137)]
    public async Task No_worker_outlives_its_run(string signal, int exitCode)
    {
        using var run = Processes.Start(["train", .. Network, "--nodes", "2"]);
        await run.SaysAsync("epoch  1/60");
        var workers = run.Children();
        Assert.Equal(2, workers.Length);
        Processes.Signal(run.Process.Id, signal);
        Assert.Equal(exitCode, await run.EndAsync());
        if (signal != "KILL") Assert.True(LastOf(run.Output).GetProperty("interrupted").GetBoolean());
        await Processes.AreGoneAsync(workers);
    }

    [Fact]
    [Trait("Suite", "Long")]
    public async Task A_standing_cluster_serves_one_run_after_the_other_and_its_nodes_leave_when_asked_to()
    {
        var expected = await Pcnode.RunAsync(["train", .. Network, "--steps", "10"]);
        using var first = Processes.Start("node", "--port", "0");
        await first.SaysAsync("worker and coordinator at ");
        var seed = first.Error.Trim().Split(' ')[^1];
        using var second = Processes.Start("node", "--seed", seed);
        await second.SaysAsync("worker and coordinator at ");
        for (var i = 0; i < 2; i++)
        {
            using var run = Processes.Start(["train", .. Network, "--steps", "10", "--join", seed, "--min-nodes", "2"]);
            Assert.Equal(ExitCode.Done, await run.EndAsync());
            Assert.Equal(HashOf(expected.Output), HashOf(run.Output));
        }
        // Whatever stands before the command's name.
        using var third = Processes.Start("--log-level", "error", "node", "--seed", seed);
        await third.SaysAsync("worker and coordinator at ");
        foreach (var node in new[] { third, second })
        {
            Processes.Signal(node.Process.Id, "TERM");
            Assert.Equal(ExitCode.Done, await node.EndAsync());
        }
        Processes.Signal(first.Process.Id, "TERM");
        Assert.Equal(ExitCode.Done, await first.EndAsync());
    }

    [Theory]
    [InlineData("train --nodes 0", "--nodes: '0' is not auto or a whole number from 1")]
    [InlineData("train --nodes 2 --join a:1", "--nodes: it starts workers on this machine")]
    [InlineData("train --rule bp --nodes 2", "--nodes: the rule bp is sequential")]
    [InlineData("train --join nowhere", "'nowhere' is no HOST:PORT")]
    [InlineData("train residual --hidden 6 --nodes 5000", "5000 nodes are more than the graph's")]
    [InlineData("node --tls-certificate nowhere.pem", "nowhere.pem: there is no such certificate")]
    [InlineData("train --nodes 2 --tls-certificate nowhere.pem",
        "--tls-certificate: the workers of --nodes are on this machine")]
    [InlineData("node --hostname 0.0.0.1",
        "--tls-certificate: it is missing, and other machines can reach this one as 0.0.0.1")]
    [InlineData("train --join 192.0.2.1:4053 --hostname 192.0.2.2", "--insecure in a network whose")]
    [InlineData("node --port 70000", "--port: '70000' is not a port")]
    [InlineData("node --role boss", "--role: 'boss' is not a list of worker, coordinator")]
    public Task A_mistake_is_named_in_one_line(string commandLine, string words) =>
        Pcnode.RefusesAsync(ExitCode.BadInput, [words], commandLine.Split(' '));

    /// <summary>Freezes processes for half a minute, and thaws them in their order.</summary>
    private static async Task FreezeAsync(IReadOnlyList<int> processes, int secondsApart)
    {
        foreach (var process in processes) Processes.Signal(process, "STOP");
        await Task.Delay(TimeSpan.FromSeconds(30));
        foreach (var process in processes)
        {
            Processes.Signal(process, "CONT");
            await Task.Delay(TimeSpan.FromSeconds(secondsApart));
        }
    }

    private static JsonElement LastOf(string output) =>
        JsonDocument.Parse(
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1]).RootElement;

    private static string HashOf(string output) => LastOf(output).GetProperty("weightsSha256").GetString()!;
}
