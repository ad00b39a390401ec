using Google.Protobuf;
using PcActors.Actors;
using PcActors.Clustering;
using PcActors.Clustering.Links;
using PcActors.Clustering.Wire.Schema;
using PcActors.Data.Digits;
using PcActors.Learning;
using PcActors.Tensors;
using PcActors.Tests.Models;

namespace PcActors.Tests.Clustering;

/// <summary>Packets that are lost, doubled and out of order between nodes, and workers that go: the bits of the undisturbed run.</summary>
public sealed class ClusterFaults
{
    private const int BatchSize = 24;

    [Theory]
    [InlineData(Clock.Wavefront)]
    [InlineData(Clock.Lockstep)]
    public async Task Packets_that_go_wrong_change_no_bit(Clock clock)
    {
        var faults = new Faults();
        await using var cluster = await LocalCluster.StartAsync(2, new LinkTap(faults.Pass));
        await CheckAsync(cluster, clock, 30, timeout: 500);
        Assert.True(faults.Count > 5);
    }

    [Fact]
    public async Task A_worker_that_leaves_takes_nothing_with_it()
    {
        await using var cluster = await LocalCluster.StartAsync(3);
        await CheckAsync(cluster, Clock.Wavefront, 8, before: async step =>
        {
            if (step != 5) return;
            await cluster.Workers[1].DisposeAsync();
            cluster.Workers.RemoveAt(1);
        });
    }

    [Fact]
    public async Task A_worker_that_dies_is_noticed_and_takes_nothing_with_it()
    {
        await using var cluster = await LocalCluster.StartAsync(2, pause: 4);
        await CheckAsync(cluster, Clock.Lockstep, 8, before: async step =>
        {
            if (step != 5) return;
            await cluster.Workers[0].System.Terminate();
            cluster.Workers.RemoveAt(0);
        });
    }

    [Fact]
    public async Task A_worker_that_comes_later_takes_part_when_another_has_gone()
    {
        await using var cluster = await LocalCluster.StartAsync(1);
        await CheckAsync(cluster, Clock.Wavefront, 8, before: async step =>
        {
            if (step == 2) await cluster.AddWorkerAsync();
            if (step != 5) return;
            await cluster.Workers[0].DisposeAsync();
            cluster.Workers.RemoveAt(0);
        });
    }

    private static async Task CheckAsync(
        LocalCluster cluster, Clock clock, int steps, double timeout = 60_000, Func<int, Task>? before = null)
    {
        var data = EmbeddedDigits.Load<float>().Train;
        var graph = SmallModels.Build<float>("residual", BatchSize / 2);
        await using var reference = new BackpropagationNetwork<float>(graph, Loss.CrossEntropy, new Adam(0.01), 2);
        var expected = await Training.RunAsync(reference, data, BatchSize, steps);
        var options = new SimulationOptions
        {
            Clock = clock,
            MicroBatches = 2,
            Optimizer = new Adam(0.01),
            StepTimeout = TimeSpan.FromMilliseconds(timeout),
            MaxRetries = 1_000,
        };
        await using var simulation = await ClusterSimulation<float>.StartAsync(
            cluster.Coordinator, graph, options, new ClusterOptions { Nodes = cluster.Workers.Count, SnapshotEvery = 3 });
        var found = await Training.RunAsync(simulation, data, BatchSize, steps, before);
        Assert.Equal(expected.Losses, found.Losses);
        Assert.Equal(expected.Hash, found.Hash);
    }

    /// <summary>Of a hundred packets one is lost, one doubled, and one sent after its successor.</summary>
    private sealed class Faults
    {
        private readonly SeededRandom _random = new(3, "packets");
        private readonly Lock _lock = new();

        public int Count { get; private set; }

        /// <summary>A packet's parcels one by one, the last one first.</summary>
        private static IEnumerable<IMessage> Reordered(IMessage packet)
        {
            if (packet is not LinkFrame frame)
            {
                yield return packet;
                yield break;
            }
            foreach (var parcel in frame.Parcels.Reverse()) yield return new LinkFrame { Position = frame.Position, Parcels = { parcel } };
        }

        public IEnumerable<IMessage> Pass(IMessage packet)
        {
            lock (_lock)
            {
                var fate = packet is LinkFrame or LinkChunk ? _random.NextInt(100) : 99;
                if (fate > 2) return [packet];
                Count++;
                if (fate == 0) return [];
                if (fate == 1) return [packet, packet];
                return Reordered(packet);
            }
        }
    }
}
