using PcActors.Graphs;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
using PcActors.Tensors;
using PcActors.Testing;
using PcActors.Tests.Graphs;
using PcActors.Tests.Learning.Mutants;

namespace PcActors.Tests.Learning;

/// <summary>Errors live in rented memory: all of it is back when a step has ended, and the wave needs as much as is
/// under way, however deep the network. That no bit depends on it is what the theorem's tests hold, whose pools
/// poison.</summary>
public class BufferLifetimes
{
    private const int Batch = 8;
    private const int Width = 16;

    public static TheoryData<DeliveryOrder> Orders => [.. Enum.GetValues<DeliveryOrder>()];

    [Theory]
    [MemberData(nameof(Orders))]
    public void All_that_was_rented_is_back_after_a_step(DeliveryOrder order)
    {
        for (var seed = 0UL; seed < 60; seed++)
        {
            var trial = new Trial
            {
                MicroBatches = 1 + (int)(seed % 3),
                Optimizer = seed % 2 == 0 ? new Sgd(0.01) : new Adam(0.01),
                Delivery = new() { Order = order, Seed = seed },
            };
            var graph = RandomGraph<float>.Create(seed);
            var network = trial.Network(Levelling.Level(graph));
            for (var step = 0; step < 3; step++)
            {
                network.Step(RandomBatch.Create(graph, trial.Loss, trial.MicroBatches, seed));
                Assert.True(network.Buffers.RentedBytes == 0,
                    $"seed {seed}: {network.Buffers.RentedBytes} bytes are rented after step {step + 1}");
            }
        }
    }

    [Fact]
    public void Duplicates_release_nothing_twice()
    {
        for (var seed = 0UL; seed < 60; seed++)
        {
            var trial = new Trial
            {
                MicroBatches = 1 + (int)(seed % 2),
                Delivery = new()
                {
                    Order = DeliveryOrder.Arbitrary,
                    Seed = seed,
                    Faults = e => e.Message is ErrorMessage<float> ? Fate.ArrivesTwice : Fate.Arrives,
                },
            };
            var graph = RandomGraph<float>.Create(seed);
            var network = trial.Network(Levelling.Level(graph));
            network.Step(RandomBatch.Create(graph, trial.Loss, trial.MicroBatches, seed));
            Assert.Equal(0, network.Buffers.RentedBytes);
        }
    }

    // What is lost is garbage; the memory of an attempt that was given up, which vertices hold, is not.
    [Fact]
    public void A_lost_message_costs_its_own_memory_and_no_more()
    {
        var lost = 0L;
        var graph = Chain(6);
        var trial = new Trial
        {
            Delivery = new()
            {
                MaxAttempts = 2,
                Faults = e =>
                {
                    if (lost > 0 || e.Message is not ErrorMessage<float> { Time: 4 } error) return Fate.Arrives;
                    lost = error.Error.Bytes;
                    return Fate.IsLost;
                },
            },
        };
        var network = trial.Network(Levelling.Level(graph));
        network.Step(RandomBatch.Create(graph, trial.Loss, 1, 1));
        Assert.Equal(2, network.Attempts);
        Assert.InRange(network.Buffers.RentedBytes, 1, lost);
    }

    [Fact]
    public void A_deeper_network_needs_no_more_memory_for_its_errors()
    {
        var (shallow, deep) = (PeakOf(6), PeakOf(60));
        Assert.Equal(shallow, deep);
        // A few at once: the one that is read, the one that is written, one for each weight that has not learnt yet.
        Assert.InRange(deep, Batch * Width * sizeof(float), 8 * Batch * Width * sizeof(float));

        static long PeakOf(int layers)
        {
            var graph = Chain(layers);
            var trial = new Trial { Delivery = new() { Order = DeliveryOrder.AsSent } };
            var network = trial.Network(Levelling.Level(graph));
            network.Step(RandomBatch.Create(graph, trial.Loss, 1, 1));
            return network.Buffers.PeakBytes;
        }
    }

    [Fact]
    public void Once_all_has_been_rented_no_more_is_made()
    {
        var graph = RandomGraph<float>.Create(7);
        var trial = new Trial { Delivery = new() { Order = DeliveryOrder.AsSent } };
        var network = trial.Network(Levelling.Level(graph));
        network.Step(RandomBatch.Create(graph, trial.Loss, 1, 1));
        var made = network.Buffers.MadeBytes;
        for (var step = 0; step < 5; step++) network.Step(RandomBatch.Create(graph, trial.Loss, 1, 1));
        Assert.Equal(made, network.Buffers.MadeBytes);
    }

    [Fact]
    public void A_vertex_that_releases_too_early_is_found_out()
    {
        var graph = Chain(6);
        var trial = new Trial();
        foreach (var vertex in Levelling.Level(graph).Vertices.Where(v => v.Kind == VertexKind.Function))
        {
            Assert.ThrowsAny<InvalidOperationException>(() => trial.FirstDifference(graph,
                replace: v => v.Description.Id == vertex.Id ? new EarlyRelease<float>(v) : v));
        }
    }

    private static Graph<float> Chain(int layers)
    {
        var builder = new GraphBuilder<float>(1);
        var h = builder.Data("x", new Shape(Batch, Width));
        for (var layer = 0; layer < layers; layer++) h = h.Dense($"layer{layer}", Width).Tanh();
        return builder.Build(h);
    }
}
