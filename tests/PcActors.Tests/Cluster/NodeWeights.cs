using PcActors.Cluster;
using PcActors.Data.Digits;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tests.Learning;
using PcActors.Tests.Models;

namespace PcActors.Tests.Cluster;

/// <summary>A node's weight reaches whoever places a graph, and changes no bit.</summary>
public sealed class NodeWeights
{
    [Fact]
    public async Task A_stronger_node_gets_more_of_a_graph_and_the_weights_are_the_same()
    {
        var data = EmbeddedDigits.Load<float>().Standardized().Train;
        var graph = SmallModels.Build<float>("rnn", 24);
        await using var reference = await ReferenceNetwork.StartAsync<float>(graph, Loss.CrossEntropy, new Sgd(0.1));
        var expected = await Training.RunAsync(reference, data, 24, 2);
        await using var cluster = await LocalCluster.StartAsync(1);
        await cluster.AddWorkerAsync(weight: 2.5);
        await using var network = await Network<float>.StartAsync(
            graph,
            new NetworkOptions { Optimizer = new Sgd(0.1), Where = new OnNodes(cluster.Coordinator) { Nodes = 2 } });
        Assert.Equal(expected.Hash, (await Training.RunAsync(network, data, 24, 2)).Hash);

        // Nodes are in the order of their addresses, so either may be the first.
        double[] weights = string.CompareOrdinal(cluster.Workers[0].Address, cluster.Workers[1].Address) < 0
            ? [1, 2.5]
            : [2.5, 1];
        var run = network.RunGraph;
        var options = new VertexOptions(LearningRule.Zil, Clock.Wavefront, Loss.CrossEntropy, new Sgd(0.1), 1,
            run.Depth);
        var plan = Placement.Of(run, options, weights);
        Assert.NotEqual(plan.Places, Placement.Of(run, options, [1, 1]).Places);
        var link = (cluster.Traffic()).Single(l => (l.Node, l.Peer) == (1, 2));
        var cut = Assert.Single(plan.Cuts);
        Assert.Equal((2 * cut.Forth.Messages, 2 * cut.Forth.Bytes), (link.Sent.Messages, link.Sent.PayloadBytes));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.1)]
    [InlineData(1e300)]
    public void A_weight_is_told_as_a_role(double weight) =>
    Assert.Equal(weight, NodeRoles.WeightOf([NodeRoles.Worker, NodeRoles.OfWeight(weight)]));

    [Theory]
    [InlineData("worker")]
    [InlineData("weight-")]
    [InlineData("weight-none")]
    [InlineData("weight--2")]
    [InlineData("weight-0")]
    [InlineData("weight-NaN")]
    [InlineData("weight-Infinity")]
    public void A_role_that_tells_no_weight_counts_as_1(string role) => Assert.Equal(1, NodeRoles.WeightOf([role]));
}
