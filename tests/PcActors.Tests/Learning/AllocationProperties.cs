using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Reference;
using PcActors.Tensors;
using PcActors.Testing;

namespace PcActors.Tests.Learning;

/// <summary>Once it runs, a step allocates messages and no tensor.</summary>
public class AllocationProperties
{
    // A message and what it refers to, but for tensors: envelope, pull-back, factors, reports, a view's header.
    private const int BytesAMessage = 256;
    private const int Pairs = 16;

    private static readonly Optimizer[] Optimizers = [new Sgd(0.01), new Momentum(0.01), new Adam(0.01)];

    public static TheoryData<Clock, int> Settings => new()
    {
        { Clock.Wavefront, 1 }, { Clock.Wavefront, 2 }, { Clock.Lockstep, 1 }, { Clock.Lockstep, 2 },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void A_step_allocates_as_much_on_wide_layers_as_on_narrow_ones(Clock clock, int microBatches)
    {
        foreach (var optimizer in Optimizers)
        {
            var (narrow, messages) = Step(64, clock, microBatches, optimizer);
            var (wide, _) = Step(256, clock, microBatches, optimizer);
            var bytes = Compare(narrow, wide);
            Assert.InRange(bytes, 1, messages * BytesAMessage);
        }
    }

    [Fact]
    public void The_reference_allocates_as_much_on_wide_layers_as_on_narrow_ones()
    {
        // A bias of 256 numbers fills the least memory that is rented. A rented tensor has a new header for each step,
        // so two widths are compared below, and two from there on.
        Compare(Step(64), Step(128));
        Compare(Step(256), Step(512));

        static Action Step(int width)
        {
            var graph = Network(width, 1);
            var reference = new Backpropagation<float>(graph, Loss.CrossEntropy, new Sgd(0.01));
            var batch = RandomBatch.Create(graph, Loss.CrossEntropy, 1, 1);
            return () => reference.Step(batch);
        }
    }

    private static (Action Step, long Messages) Step(int width, Clock clock, int microBatches, Optimizer optimizer)
    {
        var graph = Network(width, microBatches);
        var trial = new Trial
        {
            Clock = clock,
            MicroBatches = microBatches,
            Optimizer = optimizer,
            Delivery = new() { Order = DeliveryOrder.AsSent },
        };
        var network = trial.Network(Levelling.Level(graph));
        var batch = RandomBatch.Create(graph, trial.Loss, microBatches, 1);
        network.Step(batch);
        return (() => network.Step(batch), network.Sent.Total);
    }

    /// <summary>Runs two steps by turns and asserts that they allocate the same. Gives the bytes.</summary>
    /// <remarks>By turns, because the compiler, as it optimises the code under way, saves allocations of its own; and a
    /// collection now and then adds to the count what it discards. Most pairs are beside neither.</remarks>
    private static long Compare(Action narrow, Action wide)
    {
        var pairs = Enumerable.Range(0, Pairs).Select(_ => (Narrow: Allocated(narrow), Wide: Allocated(wide))).Skip(2)
            .ToList();
        Assert.True(pairs.Count(p => p.Narrow == p.Wide) > Pairs / 2, $"narrow and wide: {string.Join(" ", pairs)}");
        return pairs.Min(p => p.Wide);
    }

    private static long Allocated(Action step)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        step();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static Graph<float> Network(int width, int microBatches)
    {
        var builder = new GraphBuilder<float>(1);
        var h = builder.Data("x", new Shape(8 / microBatches, width)).Dense("a", width).Tanh();
        // A skip, a shared parameter and a view among them.
        var shared = builder.Parameter("shared", new Shape(width, width), Initializer.GlorotUniform, width, width);
        h = h.Add(h.MatMul(shared).Relu()).MatMul(shared).Reshape(-1, width);
        return builder.Build(h.Dense("out", 10));
    }
}
