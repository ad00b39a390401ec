using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>What <c>pcnode train</c> promises without any option.</summary>
[Trait("Suite", "Long")]
public sealed class DefaultExperiment
{
    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    public async Task The_default_network_gets_97_percent_of_the_held_out_digits_right(string seed)
    {
        var run = await Pcnode.RunAsync("train", "--seed", seed, "--json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.InRange(run.Last.GetProperty("testAccuracy").GetDouble(), 0.97, 1);
    }
}
