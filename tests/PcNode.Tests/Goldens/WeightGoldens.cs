using PcNode.Tests.Cluster;
using PcNode.Tests.Harness;

namespace PcNode.Tests.Goldens;

/// <summary>Golden: the weights that earlier releases ended with, as weights.txt has them: zil's and bp's since 0.1.0,
/// the other rules' since 0.3.0. Same seed and options, same bits, on every machine and in
/// every later release.</summary>
public sealed class WeightGoldens
{
    [Theory]
    [MemberData(nameof(Lines), "quick")]
    public async Task The_weights_are_those_of_earlier_releases(string hash, string commandLine) =>
        await EndsWithAsync(hash, commandLine.Split(' '));

    [Theory]
    [MemberData(nameof(Lines), "resumed after 30 steps")]
    public async Task So_are_those_of_a_run_that_was_resumed(string hash, string commandLine)
    {
        using var folder = new TemporaryFolder();
        var args = commandLine.Split(' ');
        string[] checkpoint = ["--checkpoint", folder["run"]];
        var steps = Array.IndexOf(args, "--steps") + 1;
        string[] first = [.. args[..steps], "30", .. args[(steps + 1)..], .. checkpoint];
        Assert.Equal(ExitCode.Done, (await Pcnode.RunAsync(first)).ExitCode);
        await EndsWithAsync(hash, ["train", .. checkpoint, "--resume", "--steps", args[steps]]);
    }

    [Theory]
    [Trait("Suite", "Long")]
    [MemberData(nameof(Lines), "long")]
    public async Task So_are_those_of_larger_runs_and_of_several_nodes(string hash, string commandLine)
    {
        using var run = Processes.Start([.. commandLine.Split(' '), "--json"]);
        Assert.Equal(ExitCode.Done, await run.EndAsync());
        Assert.Equal(hash, run.HashOf());
    }

    public static TheoryData<string, string> Lines(string section)
    {
        var data = new TheoryData<string, string>();
        var current = "";
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Goldens", "weights.txt")))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal)) current = line[2..];
            else if (current == section) data.Add(line[..64], line[64..].TrimStart());
        }
        return data;
    }

    private static async Task EndsWithAsync(string hash, string[] args)
    {
        var run = await Pcnode.RunAsync([.. args, "--json"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal(hash, run.Last.GetProperty("weightsSha256").GetString());
    }
}
