using PcNode.Tests.Cluster;
using PcNode.Tests.Harness;

namespace PcNode.Tests.CommandLine;

/// <summary>Property: no actor's path reaches a person.</summary>
public sealed class Addresses
{
    [Fact]
    public async Task A_trace_and_its_pictures_name_no_actors_path()
    {
        using var folder = new TemporaryFolder();
        string[] files = [folder["mlp.trace"], folder["mlp.html"], folder["mlp.json"]];
        var run = await Pcnode.RunAsync("trace", "mlp", "--hidden", "4", "--out", files[0], "--html", files[1],
            "--perfetto", files[2]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        foreach (var text in files.Select(File.ReadAllText).Append(run.Output))
        {
            Assert.DoesNotContain("akka:", text, StringComparison.Ordinal);
            Assert.DoesNotContain("/user/", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Neither_does_a_run_on_nodes()
    {
        using var run = Processes.Start(["train", "residual", "--hidden", "4", "--steps", "3", "--nodes", "2"]);
        Assert.Equal(ExitCode.Done, await run.EndAsync());
        Assert.DoesNotContain("akka", run.Output + run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("/user/", run.Output + run.Error, StringComparison.Ordinal);
        // Epochs are passes over the data, and nothing else.
        Assert.DoesNotContain("cluster: epoch", run.Error, StringComparison.Ordinal);
        Assert.Contains("cluster: placement 1", run.Error, StringComparison.Ordinal);
    }
}
