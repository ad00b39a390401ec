using PcActors.Actors;
using PcActors.Clustering;
using PcActors.Data.Digits;
using PcActors.Learning;
using PcActors.Tests.Models;

namespace PcActors.Tests.Clustering;

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
        await using var simulation = await ClusterSimulation<float>.StartAsync(
            cluster.Coordinator, graph, new SimulationOptions { Optimizer = new Sgd(0.1) }, new ClusterOptions { Nodes = 3 });
        Assert.All(await simulation.CountTrafficAsync(), l => Assert.Equal((0, 0), (l.Sent.Messages, l.Sent.PayloadBytes)));
        await Training.RunAsync(simulation, EmbeddedDigits.Load<float>().Train, BatchSize, Steps);
        var links = await simulation.CountTrafficAsync();
        Assert.Equal(3 + (3 * 3), links.Count);
        foreach (var link in links.Where(l => l.Node > 0 && l.Peer > 0))
        {
            var other = links.Single(l => (l.Node, l.Peer) == (link.Peer, link.Node));
            Assert.Equal((link.Sent.Messages, link.Sent.PayloadBytes), (other.Received.Messages, other.Received.PayloadBytes));
            Assert.Equal((0, 0), (link.Resent, link.Repeated));
        }
        // The messages of a step cross where the two ends of an edge are on different nodes.
        var run = simulation.RunGraph;
        var places = new int[run.Vertices.Count];
        var cut = Enumerable.Range(0, run.Vertices.Count).SelectMany(run.Consumers)
            .Where(e => places[e.From] != places[e.To]).ToList();
        var values = cut.Count;
        var errors = cut.Count(e => run.RequiresError(e.From));
        Assert.NotEqual(0, values);
        Assert.Equal(Steps * (values + errors), links.Sum(l => l.Sent.Messages));
    }
}
