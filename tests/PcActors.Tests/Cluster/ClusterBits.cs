using PcActors.Cluster;
using PcActors.Data.Digits;
using PcActors.Learning;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Schedules;
using PcActors.Runs;
using PcActors.Tests.Models;

namespace PcActors.Tests.Cluster;

/// <summary>The same weights, to the bit, from one process's sequential reference and from a graph that
/// is spread over nodes.</summary>
public sealed class ClusterBits
{
    private const int BatchSize = 24;
    private const int Steps = 3;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public Task A_graph_on_several_nodes_learns_as_in_one_process(int nodes) =>
        Check(nodes, nodes % 2 == 0 ? Clock.Wavefront : Clock.Lockstep);

    [Theory]
    [Trait("Suite", "Long")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public Task So_it_does_under_both_clocks(int nodes) => Check(nodes, Clock.Wavefront, Clock.Lockstep);

    private static async Task Check(int nodes, params Clock[] clocks)
    {
        await using var cluster = await LocalCluster.StartAsync(nodes);
        foreach (var model in new[] { "mlp", "cnn", "rnn", "residual", "transformer" })
        {
            var micro = nodes % 2 == 0 ? 2 : 1;
            Optimizer optimizer = nodes < 3 ? new AdamW(0.01) : new Momentum(0.05);
            var schedule = new Cosine(Steps, floor: 0.2, warmUp: 1, start: 0.5);
            var data = EmbeddedDigits.Load<float>().Standardized().Train;
            var graph = SmallModels.Build<float>(model, BatchSize / micro);
            var options = new NetworkOptions { MicroBatches = micro, Optimizer = optimizer, Schedule = schedule };
            await using var reference =
                await Network<float>.StartAsync(graph, options with { Where = new Reference() });
            var (expected, expectedLosses, _) = await Training.RunAsync(reference, data, BatchSize, Steps);
            foreach (var clock in clocks)
            {
                var where = new OnNodes(cluster.Coordinator) { Nodes = nodes, SnapshotEvery = 2 };
                await using var network =
                    await Network<float>.StartAsync(graph, options with { Clock = clock, Where = where });
                var (hash, losses, _) = await Training.RunAsync(network, data, BatchSize, Steps);
                Assert.Equal(expectedLosses, losses);
                Assert.Equal(expected, hash);
            }
        }
    }
}
