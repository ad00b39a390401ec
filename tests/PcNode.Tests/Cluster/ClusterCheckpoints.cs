using PcNode.Tests.Harness;

namespace PcNode.Tests.Cluster;

/// <summary>A run that is interrupted on some nodes and resumed on others comes to what an uninterrupted one in one
/// process comes to.</summary>
public sealed class ClusterCheckpoints
{
    private static readonly string[] Options = ["train", "residual", "--hidden", "6", "--optimizer", "adam", "--json"];

    [Fact]
    [Trait("Suite", "Long")]
    public async Task A_run_goes_on_on_another_number_of_nodes_with_the_bits_of_one_that_was_never_stopped()
    {
        using var folder = new TemporaryFolder();
        var place = Path.Combine(folder.Path, "run");
        var expected = await Pcnode.RunAsync([.. Options, "--steps", "70"]);
        foreach (var (steps, nodes) in new[] { ("20", "2"), ("45", "1"), ("70", "3") })
        {
            string[] resume = steps == "20" ? [.. Options] : ["train", "--json", "--resume"];
            using var run = Processes.Start([.. resume, "--checkpoint", place, "--steps", steps, "--nodes", nodes]);
            Assert.True(await run.EndAsync() == ExitCode.Done, run.Error);
            if (steps != "70") continue;
            foreach (var key in new[] { "weightsSha256", "messages", "steps", "testAccuracy", "loss" })
                Assert.Equal(expected.Last.GetProperty(key).ToString(), run.Last.GetProperty(key).ToString());
        }
    }
}
