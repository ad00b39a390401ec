using System.Diagnostics;
using System.Globalization;
using PcActors.Cluster;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Benchmarks;

/// <summary>Mode <c>crossing</c>: a parameter of 64 MB goes from a worker to the coordinator, over
/// a real connection within this process.</summary>
internal static class LinkCrossing
{
    private const int DefaultRounds = 12;
    private const int Size = 4_096;

    /// <summary>Arguments: rounds.</summary>
    public static async Task RunAsync(ModeArguments args)
    {
        var rounds = args.Rounds(DefaultRounds);
        args.End();
        var builder = new GraphBuilder<float>();
        var graph = builder.Build(builder.Data("x", new Shape(2, Size)).Dense("layer", Size));
        var node = new NodeOptions
        {
            FollowsCoordinator = true,
            JoinTimeout = TimeSpan.FromSeconds(90),
            AcceptablePause = TimeSpan.FromSeconds(20)
        };
        await using var coordinator = await ClusterNode.JoinAsync(node with { Roles = [NodeRoles.Coordinator] });
        await using var worker = await ClusterNode.JoinAsync(node with { Seeds = [coordinator.Address] });
        await using var network = await Network<float>.StartAsync(graph,
            new NetworkOptions { Loss = Loss.SquaredError, Where = new OnNodes(coordinator) });
        var times = new List<double>();
        for (var round = 0; round < rounds + 2; round++)
        {
            var watch = Stopwatch.StartNew();
            await network.ParametersAsync();
            times.Add(watch.Elapsed.TotalMilliseconds);
        }
        var median = Turns.Median(times.Skip(2));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"64 MB and little else: median {median:F0} ms, {Size * Size * sizeof(float) / median / 1e3:F0} MB/s, "
            + $"fastest {times.Min():F0} ms"));
    }
}
