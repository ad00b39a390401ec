using System.Numerics;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Schedules;
using PcActors.Tensors;
using PcActors.Testing;
using PcActors.Tests.Graphs;

namespace PcActors.Tests.Learning;

/// <summary>The theorem: on the levelled graph, Z-IL's update is backpropagation's on the
/// original graph, bit for bit, for every parameter; whatever the graph, the order of arrival and the clock.</summary>
public class ZilTheorem
{
    private const int Parts = 5;
    private const int GraphsPerPart = 120;

    public static TheoryData<int> AllParts => [.. Enumerable.Range(0, Parts)];

    [Theory]
    [MemberData(nameof(AllParts))]
    public void Holds_under_the_wavefront_clock_in_single_precision(int part) =>
        Check<float>(part, t => t with { Clock = Clock.Wavefront });

    [Theory]
    [MemberData(nameof(AllParts))]
    public void Holds_under_the_wavefront_clock_in_double_precision(int part) =>
        Check<double>(part, t => t with { Clock = Clock.Wavefront });

    [Theory]
    [MemberData(nameof(AllParts))]
    public void Holds_under_the_lockstep_clock_in_single_precision(int part) =>
        Check<float>(part, t => t with { Clock = Clock.Lockstep });

    [Theory]
    [MemberData(nameof(AllParts))]
    public void Holds_under_the_lockstep_clock_in_double_precision(int part) =>
        Check<double>(part, t => t with { Clock = Clock.Lockstep });

    [Theory]
    [MemberData(nameof(AllParts))]
    public void Holds_when_messages_overtake_each_other(int part) => Check<float>(
        part, t => t with { Clock = Clock.Wavefront, Delivery = t.Delivery with { Order = DeliveryOrder.Arbitrary } });

    [Theory]
    [MemberData(nameof(AllParts))]
    public void Holds_when_vertices_go_on_inferring_behind_the_wave(int part) => Check<double>(
        part, t => t with { Clock = Clock.Lockstep, Rule = LearningRule.Zil with { RestsBehindWave = false } });

    [Theory]
    [MemberData(nameof(AllParts))]
    public void Holds_when_messages_are_lost_late_or_doubled(int part) => Check<float>(
        part,
        t =>
        {
            var random = new SeededRandom(t.DataSeed, "faults");
            var faults = 0;
            Fate Fault(Envelope envelope) =>
                faults > 40 || random.NextInt(20) > 0 ? Fate.Arrives : (++faults % 4) switch
                {
                    0 => Fate.IsLost,
                    1 => Fate.ArrivesTwice,
                    2 => Fate.ArrivesAgainLate,
                    _ => Fate.ArrivesLate,
                };
            return t with
            {
                Clock = part % 2 == 0 ? Clock.Wavefront : Clock.Lockstep,
                Delivery = t.Delivery with { Faults = Fault, MaxAttempts = 50 },
            };
        });

    private static void Check<T>(int part, Func<Trial, Trial> with)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var seed = part * GraphsPerPart; seed < (part + 1) * GraphsPerPart; seed++)
        {
            var graph = RandomGraph<T>.Create((ulong)seed);
            var difference = with(TrialOf(seed)).FirstDifference(graph);
            Assert.True(difference is null, $"seed {seed}: {difference}");
        }
    }

    /// <summary>Every combination of loss, optimizer and number of micro-batches comes round.</summary>
    private static Trial TrialOf(int seed) => new()
    {
        Loss = seed % 2 == 0 ? Loss.CrossEntropy : Loss.SquaredError,
        Optimizer = (seed / 2 % 5) switch
        {
            0 => new Sgd(0.005),
            1 => new Sgd(0.005, weightDecay: 0.01),
            2 => new Momentum(0.002),
            3 => new Adam(0.01),
            _ => new AdamW(0.01),
        },
        Schedule = (seed % 3) switch
        {
            0 => Schedule.Constant,
            1 => new Cosine(3, floor: 0.1, warmUp: 1, start: 0.5),
            _ => new StepDecay(1, 0.3),
        },
        MicroBatches = 1 + (seed / 8 % 3),
        DataSeed = (ulong)seed * 1000,
        Delivery = new Delivery { Seed = (ulong)seed },
    };
}
