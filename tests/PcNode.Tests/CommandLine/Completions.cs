using PcNode.Tests.Cluster;

namespace PcNode.Tests.CommandLine;

/// <summary>Protocol: the directive by which dotnet-suggest asks what may come next.</summary>
public sealed class Completions
{
    [Theory]
    [InlineData("pcnode tra", "train trace")]
    [InlineData("pcnode train --rule ", "zil il bp")]
    [InlineData("pcnode train --optimizer a", "adam")]
    [InlineData("pcnode train --learn", "--learning-rate")]
    [InlineData("pcnode verify resn", "resnet18")]
    [InlineData("pcnode verify mlp alex", "alexnet")]
    public async Task What_may_come_next_is_completed(string line, string expected)
    {
        using var run = Processes.Start($"[suggest:{line.Length}]", line);
        Assert.Equal(ExitCode.Done, await run.EndAsync());
        Assert.Subset(
            run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(),
            expected.Split(' ').ToHashSet());
        Assert.Empty(run.Error.Trim());
    }
}
