using PcNode.Tests.Cluster;

namespace PcNode.Tests.CommandLine;

/// <summary>Protocol: the directive by which dotnet-suggest asks what may come next.</summary>
public sealed class Completions
{
    [Theory]
    [InlineData("pcnode tra", "train trace", "verify inspect")]
    [InlineData("pcnode train --rule ", "zil il bp", "adam wavefront")]
    [InlineData("pcnode train --optimizer a", "adam adamw", "sgd momentum")]
    [InlineData("pcnode train --schedule w", "warm-up", "step cosine")]
    [InlineData("pcnode train --learning", "--learning-rate", "--rule --momentum")]
    [InlineData("pcnode suite --study pc", "pcx pc-alm", "prospective digits")]
    [InlineData("pcnode verify resn", "resnet18", "mlp alexnet verify")]
    [InlineData("pcnode verify mlp alex", "alexnet", "resnet18 train")]
    public async Task What_may_come_next_is_completed_and_nothing_else(string line, string expected, string other)
    {
        using var run = Processes.Start($"[suggest:{line.Length}]", line);
        Assert.Equal(ExitCode.Done, await run.EndAsync());
        var offered = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ToHashSet();
        Assert.Subset(offered, expected.Split(' ').ToHashSet());
        Assert.Empty(offered.Intersect(other.Split(' ')));
        Assert.Empty(run.Error.Trim());
    }
}
