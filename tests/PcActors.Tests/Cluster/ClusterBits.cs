using PcActors.Cluster;
using PcActors.Data.Digits;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tests.Learning;
using PcActors.Tests.Models;

namespace PcActors.Tests.Cluster;

/// <summary>The same weights, to the bit, from one process's sequential reference and from a graph that
/// is spread over nodes.</summary>
public sealed class ClusterBits
{
    private const int BatchSize = 24;
    private const int Steps = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_graph_on_several_nodes_learns_as_in_one_process(int nodes)
    {
        await using var cluster = await LocalCluster.StartAsync(nodes);
        foreach (var model in new[] { "mlp", "cnn", "rnn", "residual", "transformer" })
        {
            var micro = nodes % 2 == 0 ? 2 : 1;
            var optimizer = nodes < 3 ? (Optimizer)new Adam(0.01) : new Momentum(0.05);
            var data = EmbeddedDigits.Load<float>().Train;
            var graph = SmallModels.Build<float>(model, BatchSize / micro);
            await using var reference =
                await ReferenceNetwork.StartAsync<float>(graph, Loss.CrossEntropy, optimizer, micro);
            var (expected, expectedLosses, _) = await Training.RunAsync(reference, data, BatchSize, Steps);
            foreach (var clock in new[] { Clock.Wavefront, Clock.Lockstep })
            {
                var options = new NetworkOptions { Clock = clock, MicroBatches = micro, Optimizer = optimizer };
                await using var network = await Network<float>.StartAsync(
            graph, options with { Where = new OnNodes(cluster.Coordinator) { Nodes = nodes, SnapshotEvery = 2 } });
                var (hash, losses, _) = await Training.RunAsync(network, data, BatchSize, Steps);
                Assert.Equal(expectedLosses, losses);
                Assert.Equal(expected, hash);
            }
        }
    }
}
