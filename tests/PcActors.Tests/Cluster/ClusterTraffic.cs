using PcActors.Cluster;
using PcActors.Data.Digits;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tests.Models;

namespace PcActors.Tests.Cluster;

/// <summary>What nodes count on their links is what the graph and its placement say.</summary>
public sealed class ClusterTraffic
{
    [Fact]
    public async Task Both_ends_count_the_same_and_it_is_what_crosses_the_cut()
    {
        const int BatchSize = 24;
        const int Steps = 3;
        await using var cluster = await LocalCluster.StartAsync(3);
        var graph = SmallModels.Build<float>("mlp", BatchSize);
        // Before the first step no vertex has said anything.
        await using var network = await Network<float>.StartAsync(
            graph,
            new NetworkOptions { Optimizer = new Sgd(0.1), Where = new OnNodes(cluster.Coordinator) { Nodes = 3 } });
        Assert.All(cluster.Traffic(), l => Assert.Equal((0, 0), (l.Sent.Messages, l.Sent.PayloadBytes)));
        await Training.RunAsync(network, EmbeddedDigits.Load<float>().Standardized().Train, BatchSize, Steps);
        var links = cluster.Traffic();
        Assert.Equal(3 + (3 * 3), links.Count);
        foreach (var link in links.Where(l => l.Node > 0 && l.Peer > 0))
        {
            var other = links.Single(l => (l.Node, l.Peer) == (link.Peer, link.Node));
            Assert.Equal((link.Sent.Messages, link.Sent.PayloadBytes),
                (other.Received.Messages, other.Received.PayloadBytes));
            Assert.Equal((0, 0), (link.Resent, link.Repeated));
        }
    }

    [Theory]
    [InlineData(Clock.Wavefront)]
    [InlineData(Clock.Lockstep)]
    public async Task Messages_and_bytes_of_a_step_are_the_closed_form_of_the_placement(Clock clock)
    {
        const int Nodes = 3;
        const int Steps = 2;
        await using var cluster = await LocalCluster.StartAsync(Nodes);
        foreach (var (model, micro, replicas) in new[] { ("mlp", 1, 1), ("cnn", 2, 1), ("rnn", 2, 1),
            ("residual", 1, 2), ("transformer", 1, 1), ("rnn", 1, 3) })
        {
            var graph = Replication.Replicate(SmallModels.Build<float>(model, 24 / micro / replicas), replicas);
            var options = new NetworkOptions { Clock = clock, MicroBatches = micro, Optimizer = new Sgd(0.1) };
            await using var network = await Network<float>.StartAsync(
            graph, options with { Where = new OnNodes(cluster.Coordinator) { Nodes = Nodes } });
            await Training.RunAsync(network, EmbeddedDigits.Load<float>().Standardized().Train, 24, Steps);
            var run = network.RunGraph;
            var plan = Placement.Of(
                run, new VertexOptions(LearningRule.Zil, clock, options.Loss, options.Optimizer, micro, run.Depth),
                [.. Enumerable.Repeat(1.0, Nodes)]);
            var links = cluster.Traffic();
            Assert.NotEmpty(plan.Cuts);
            foreach (var link in links.Where(l => l.Node > 0 && l.Peer > 0))
            {
                var (from, to) = (link.Node - 1, link.Peer - 1);
                var cut = plan.Cuts.SingleOrDefault(
                    c => (c.First, c.Second) == (Math.Min(from, to), Math.Max(from, to)));
                var expected = from < to ? cut?.Forth ?? default : cut?.Back ?? default;
                Assert.Equal((Steps * expected.Messages, Steps * expected.Bytes),
                    (link.Sent.Messages, link.Sent.PayloadBytes));
            }
        }
    }
}
