using System.Numerics;
using PcActors.Extensions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Optimizers;
using PcActors.Tests.Learning;
using PcActors.Tests.Models;

namespace PcActors.Tests.Graphs;

/// <summary>To a finer graph the theorem applies as to any other: Z-IL's update is backpropagation's on the same
/// graph, bit for bit.</summary>
public sealed class RefinementTheorem
{
    private const int RandomGraphs = 120;

    public static TheoryData<string, Granularity> Networks => RefinedModels.All;

    [Theory]
    [MemberData(nameof(Networks))]
    public void Z_IL_makes_backpropagations_update_in_single_precision(string model, Granularity granularity) =>
    Check<float>(model, granularity);

    [Theory]
    [Trait("Suite", "Long")]
    [MemberData(nameof(Networks))]
    public void Z_IL_makes_backpropagations_update_in_double_precision(string model, Granularity granularity) =>
    Check<double>(model, granularity);

    [Theory]
    [Trait("Suite", "Long")]
    [MemberData(nameof(Networks))]
    public void Under_every_loss_and_clock_and_for_more_steps(string model, Granularity granularity)
    {
        Check<float>(model, granularity, isWhole: true);
        Check<double>(model, granularity, isWhole: true);
    }

    [Fact]
    public void It_does_on_random_graphs_in_units()
    {
        for (var seed = 0UL; seed < RandomGraphs; seed++)
        {
            var trial = new Trial
            {
                Clock = seed % 2 == 0 ? Clock.Wavefront : Clock.Lockstep,
                Optimizer = new Sgd(0.01),
                MicroBatches = 1 + (int)(seed % 2),
                Delivery = new() { Seed = seed },
            };
            var difference = trial.FirstDifference(
                Refinement.Refine(RandomGraph<float>.Create(seed), Granularity.Unit));
            Assert.True(difference is null, $"seed {seed}: {difference}");
        }
    }

    // A graph of numbers has tens of thousands of vertices: quickly, a loss goes under one clock, for two steps.
    private static void Check<T>(string model, Granularity granularity, bool isWhole = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var graph = Refinement.Refine(SmallModels.Build<T>(model, 3), granularity);
        foreach (var clock in new[] { Clock.Wavefront, Clock.Lockstep })
        {
            foreach (var (i, loss) in Catalogues.Losses.All.Select(l => l.Create()).Where(l => l.TakesTarget).Index())
            {
                var isOther = (i % 2 == 0) != (clock == Clock.Wavefront);
                if (isOther && !isWhole) continue;
                var trial = new Trial
                {
                    Clock = clock,
                    Loss = loss,
                    MicroBatches = clock == Clock.Wavefront ? 2 : 1,
                    Optimizer = new Momentum(0.05),
                    Steps = isWhole ? 3 : 2,
                };
                Assert.Null(trial.FirstDifference(graph));
            }
        }
    }
}
