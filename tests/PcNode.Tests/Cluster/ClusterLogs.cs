using PcNode.Tests.Harness;

namespace PcNode.Tests.Cluster;

/// <summary>A run on worker processes logs what Akka says of them; each worker has a file of its own.</summary>
public sealed class ClusterLogs
{
    [Fact]
    public async Task Every_node_writes_its_own_file()
    {
        using var folder = new TemporaryFolder();
        var log = folder["run.log"];
        var run = await Pcnode.RunAsync("train", "--hidden", "8", "--steps", "2", "--nodes", "2", "--log-file", log,
            "--json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.NotEmpty(run.Json);
        foreach (var file in (string[])[log, $"{log}.worker1", $"{log}.worker2"])
            Assert.Contains(" info Akka.", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        Assert.DoesNotContain(run.ErrorLines, line => line.Contains("Akka", StringComparison.Ordinal));
    }
}
