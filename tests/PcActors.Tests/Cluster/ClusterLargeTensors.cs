using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;
using PcActors.Cluster;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tests.Learning;

namespace PcActors.Tests.Cluster;

/// <summary>Tensors that are many frames long cross between nodes, and nobody is taken for dead meanwhile.</summary>
public sealed class ClusterLargeTensors
{
    [Fact]
    [Trait("Suite", "Long")]
    public async Task A_tensor_of_64_MB_goes_to_a_worker_and_comes_back()
    {
        const int Size = 4_096;
        var builder = new GraphBuilder<float>();
        var graph = builder.Build(builder.Data("x", new Shape(2, Size)).Dense("layer", Size));
        var batch = RandomBatch.Create(graph, Loss.SquaredError, 1, 1);
        await using var reference = await ReferenceNetwork.StartAsync<float>(graph, Loss.SquaredError, new Sgd(0.1), 1);
        await reference.StepAsync(batch);
        var expected = Parameters.Sha256(await reference.ParametersAsync());

        var reports = new List<string>();
        await using var cluster = await LocalCluster.StartAsync(2, pause: 5);
        await using var network = await Network<float>.StartAsync(
            graph,
            new NetworkOptions
            {
                Loss = Loss.SquaredError,
                Optimizer = new Sgd(0.1),
                Where = new OnNodes(cluster.Coordinator) { Nodes = 2, Progress = reports.Add }
            });
        // Of a node that its heartbeats do not reach in time, this says so.
        var silences = new ConcurrentQueue<ClusterEvent.UnreachableMember>();
        cluster.Coordinator.System.ActorOf(Props.Create(() => new Listener(silences)));
        await network.StepAsync(batch).WaitAsync(Training.Patience);
        Assert.Equal(expected, Parameters.Sha256(await network.ParametersAsync().WaitAsync(Training.Patience)));
        Assert.Single(reports);
        Assert.Empty(silences);
        // It is the link that carried them, both ways, once.
        var traffic = (cluster.Traffic()).Where(l => l.Node == 0).ToList();
        Assert.True(traffic.Max(l => l.Sent.Bytes) > 64 << 20 && traffic.Max(l => l.Received.Bytes) > 64 << 20);
        Assert.Equal(0, traffic.Sum(l => l.Resent));
    }

    private sealed class Listener(ConcurrentQueue<ClusterEvent.UnreachableMember> silences) : UntypedActor
    {
        protected override void PreStart() => AkkaCluster.Get(Context.System).Subscribe(
            Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.UnreachableMember));

        protected override void OnReceive(object message)
        {
            if (message is ClusterEvent.UnreachableMember silent) silences.Enqueue(silent);
        }
    }
}
