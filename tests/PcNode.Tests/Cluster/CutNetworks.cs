using PcNode.Tests.Harness;

namespace PcNode.Tests.Cluster;

/// <summary>Processes on machines of a network that is cut in two.</summary>
public sealed class CutNetworks
{
    private static readonly string[] Network = ["residual", "--hidden", "6", "--json"];

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Suite", "Long")]
    public async Task The_side_with_the_majority_goes_on_and_the_other_one_ends_with_3(bool clientIsWithTheMajority)
    {
        using var network = NetworkNamespaces.TryCreate();
        Skip.If(network is null, "network namespaces are for root on Linux");
        string[] options = [.. Network, "--epochs", "30"];
        var expected = await Pcnode.RunAsync(["train", .. options]);
        var nodes = new List<Processes>();
        try
        {
            // The oldest, which has the coordinator, is on the left, with the minority.
            for (var number = 1; number <= 4; number++)
            {
                var (run, address) = network.AddMachine(number, number == 1 ? "left" : "right");
                string[] seed = number == 1 ? [] : ["--seed", "10.250.0.1:4053"];
                nodes.Add(
                    Processes.Start(run,
                        ["node", "--hostname", address, "--port", "4053", "--insecure", "--threads", "1", .. seed]));
                await nodes[^1].SaysAsync("worker and coordinator at ");
            }
            var (place, own) = network.AddMachine(5, clientIsWithTheMajority ? "right" : "left");
            using var train = Processes.Start(place,
                ["train", .. options, "--hostname", own, "--insecure", "--join", "10.250.0.1:4053", "--min-nodes",
                    "2"]);
            await train.SaysAsync("epoch  3/30");
            network.Cut();
            Assert.Equal(ExitCode.RunFailed, await nodes[0].EndAsync());
            Assert.Equal(clientIsWithTheMajority ? ExitCode.Done : ExitCode.RunFailed, await train.EndAsync());
            if (clientIsWithTheMajority)
                Assert.Equal(expected.Last.GetProperty("weightsSha256").GetString(), train.HashOf());
            Assert.All(nodes[1..], n => Assert.False(n.Process.HasExited));
        }
        finally
        {
            foreach (var node in nodes) node.Dispose();
        }
    }
}
