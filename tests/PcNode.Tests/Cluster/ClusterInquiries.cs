using System.Text.Json;
using PcNode.Tests.Harness;

namespace PcNode.Tests.Cluster;

/// <summary><c>pcnode cluster</c>, and nodes that are set up by a file and the environment.</summary>
public sealed class ClusterInquiries
{
    [Fact]
    [Trait("Suite", "Long")]
    public async Task A_cluster_at_work_tells_of_its_nodes_vertices_and_runs_and_whoever_asked_is_no_part_of_it()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("node.conf", "pcactors { threads = 1, node { role = coordinator, port = 0 } }");
        using var first = Processes.Start(["node", file]);
        await first.SaysAsync("coordinator at ");
        var seed = first.Error.Trim().Split(' ')[^1];
        using var second = Processes.Start([], ["node", "--threads", "1"], ("PCNODE_SEED", seed),
            ("PCNODE_ROLE", "worker"), ("PCNODE_THREADS", "2"));
        await second.SaysAsync("worker at ");
        using var train = Processes.Start("train", "residual", "--hidden", "6", "--epochs", "100000", "--join", seed);
        await train.SaysAsync("epoch   ");
        for (var i = 0; i < 2; i++)
        {
            var answer = await Pcnode.RunAsync(["cluster", "--join", seed, "--json"]);
            Assert.Equal(ExitCode.Done, answer.ExitCode);
            var members = answer.Json.Where(l => Is(l, "member")).ToList();
            Assert.Equal(["coordinator", "worker", "coordinator"],
                members.Select(m => m.GetProperty("roles")[0].GetString()));
            Assert.Equal([true, false, false], members.Select(m => m.GetProperty("coordinator").GetBoolean()));
            Assert.All(members, m => Assert.Equal("Up", m.GetProperty("status").GetString()));
            var part = Assert.Single(answer.Json, l => Is(l, "part"));
            Assert.Equal(members[1].GetProperty("address").GetString(), part.GetProperty("address").GetString());
            Assert.True(part.GetProperty("vertices").GetInt32() > 10);
            Assert.True(part.GetProperty("bytesSent").GetInt64() > 0);
            var run = Assert.Single(answer.Json, l => Is(l, "run"));
            Assert.Equal(("residual", 1), (run.GetProperty("model").GetString(), run.GetProperty("nodes").GetInt32()));
            Assert.True(run.GetProperty("steps").GetInt64() > 0);
        }
        var table = await Pcnode.RunAsync(["cluster", "--join", seed]);
        Assert.Contains(seed, table.Output, StringComparison.Ordinal);
    }

    [Fact]
    public Task Nobody_who_answers_is_said_within_a_finite_time() =>
        Pcnode.RefusesAsync(ExitCode.BadInput, ["no node answers at 127.0.0.1:1 within 10 s"], "cluster", "--join",
            "127.0.0.1:1");

    [Fact]
    public Task A_cluster_has_to_be_named() =>
    Pcnode.RefusesAsync(ExitCode.BadInput, ["--join: it is missing"], "cluster");

    private static bool Is(JsonElement line, string kind) => line.GetProperty("event").GetString() == kind;
}
