using PcActors.Extensions;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Schedules;
using PcActors.Runs;
using PcActors.Tests.Graphs;

namespace PcActors.Tests.Learning;

/// <summary>Schedules against their published formulas and against sequences worked out by hand.</summary>
public class ScheduleFormulas
{
    private const double Tolerance = 1e-15;

    [Fact]
    public void A_constant_schedule_changes_nothing() =>
        Assert.All([1L, 2, 1000, long.MaxValue], step => Assert.Equal(1, Schedule.Constant.FactorAt(step)));

    [Fact]
    public void Warm_up_rises_linearly_and_stays() =>
        Assert.Equal([0.5, 0.625, 0.75, 0.875, 1, 1, 1], Factors(new WarmUp(4, 0.5), 7));

    [Fact]
    public void From_nothing_the_first_step_changes_nothing() =>
        Assert.Equal([0, 0.5, 1, 1], Factors(new WarmUp(2), 4));

    [Fact]
    public void Steps_fall_by_the_factor() =>
        Assert.Equal([1, 1, 0.5, 0.5, 0.25, 0.25, 0.125], Factors(new StepDecay(2, 0.5), 7));

    [Fact]
    public void Steps_are_counted_from_the_end_of_the_warm_up() =>
        Assert.Equal([0, 0.25, 0.5, 0.75, 1, 1, 0.5, 0.5, 0.25], Factors(new StepDecay(2, 0.5, warmUp: 4), 9));

    // At thirds of its way the cosine is 1/2 and -1/2: halves and quarters of the rate above the floor.
    [Fact]
    public void A_cosine_passes_known_points()
    {
        Assert.Equal([1, 0.75, 0.25, 0, 0, 0], Factors(new Cosine(3), 6).Select(f => Math.Round(f, 15)));
        Assert.Equal([0.5, 1, 0.8, 0.4, 0.2, 0.2],
            Factors(new Cosine(4, floor: 0.2, warmUp: 1, start: 0.5), 6).Select(f => Math.Round(f, 15)));
    }

    // optax.warmup_cosine_decay_schedule, with steps counted from 0.
    [Theory]
    [InlineData(1000, 0.0, 0, 0.0)]
    [InlineData(1000, 0.1, 100, 0.0)]
    [InlineData(11_700, 1 / 1.1 / 10, 1170, 1 / 1.1)]
    [InlineData(1_000_003, 0.5, 1, 1.0)]
    public void A_cosine_is_the_published_one(int steps, double floor, int warmUp, double start)
    {
        var schedule = new Cosine(steps, floor, warmUp, start);
        for (var step = 1L; step <= steps + 10L; step += Math.Max(1, steps / 500))
        {
            var count = step - 1;
            var expected = count < warmUp
                ? start + ((1 - start) * count / warmUp)
                : floor + ((1 - floor) * 0.5
                    * (1 + Math.Cos(Math.PI * Math.Min(count - warmUp, steps - warmUp) / (steps - warmUp))));
            Assert.Equal(expected, schedule.FactorAt(step), 2 * Tolerance);
        }
    }

    [Fact]
    public void Factors_stay_between_0_and_1_and_a_cosine_never_rises()
    {
        Schedule[] schedules = [new WarmUp(97), new StepDecay(13, 0.7, 5), new Cosine(977, 0.03), new Cosine(500, 0)];
        foreach (var schedule in schedules)
            Assert.All(Factors(schedule, 1_000), factor => Assert.InRange(factor, 0, 1));
        foreach (var cosine in schedules.OfType<Cosine>())
        {
            var factors = Factors(cosine, 1_000);
            Assert.All(factors.Zip(factors.Skip(1)), pair => Assert.True(pair.Second <= pair.First));
        }
    }

    [Fact]
    public void What_lacks_the_length_of_the_run_gets_it()
    {
        var open = Catalogues.Schedules.Parse("cosine:floor=0.1,warmUp=3");
        Assert.Equal("steps", open.Lacks);
        Assert.Equal(new Cosine(40, 0.1, 3).Values, open.Over(40).Values);
        Assert.Null(open.Over(40).Lacks);
        // One that has a length keeps it.
        Assert.Equal(new Cosine(40, 0.1, 3).Values, open.Over(40).Over(50).Values);
        Assert.Same(Schedule.Constant, Schedule.Constant.Over(9));
    }

    [Fact]
    public async Task A_network_does_not_start_without_the_length_of_the_run()
    {
        var options = new NetworkOptions
        { Loss = Loss.SquaredError, Schedule = Cosine.Description.Create() };
        var refusal = await Assert.ThrowsAsync<ArgumentException>(
            () => Network<float>.StartAsync(RandomGraph<float>.Create(1), options));
        Assert.Contains("the schedule cosine lacks steps", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cosines", "unknown schedule 'cosines'", "constant, warm-up, step, cosine")]
    [InlineData("cosine:length=3", "length", "steps, floor, warmUp, start")]
    [InlineData("cosine:steps=-1", "steps", "whole number from 0")]
    [InlineData("cosine:steps=9,warmUp=9", "warmUp is 9", "less")]
    [InlineData("cosine:floor=1.5", "floor", "from 0 to 1")]
    [InlineData("step:every=0", "every", "whole number from 1")]
    [InlineData("step:factor=2", "factor", "to 1")]
    [InlineData("warm-up:warmUp=0", "warmUp", "whole number from 1")]
    [InlineData("constant:x=1", "constant has no x", "none")]
    public void What_is_wrong_with_a_text_is_said(string text, params string[] words)
    {
        var refusal = Assert.ThrowsAny<ArgumentException>(() => Catalogues.Schedules.Parse(text));
        Assert.All(words, word => Assert.Contains(word, refusal.Message, StringComparison.Ordinal));
    }

    /// <summary>The rate that reaches every optimizer is alpha times the factor: a network under a schedule makes at
    /// each step the update of one whose learning rate is that.</summary>
    [Theory]
    [InlineData("sgd")]
    [InlineData("sgd:weightDecay=0.1")]
    [InlineData("momentum")]
    [InlineData("adam")]
    [InlineData("adamw")]
    public async Task The_rate_of_each_step_is_alpha_times_its_factor(string optimizer)
    {
        var graph = RandomGraph<double>.Create(5);
        var schedule = new StepDecay(1, 0.5);
        var given = Catalogues.Optimizers.Parse(optimizer);
        var options = new NetworkOptions
        { Loss = Loss.SquaredError, Optimizer = given, Schedule = schedule, Where = new Reference() };
        await using var scheduled = await Network<double>.StartAsync(graph, options);
        NetworkSnapshot<double>? at = null;
        for (var step = 1; step <= 4; step++)
        {
            // Halves are exact, so that the bits are the same.
            var rate = ("learningRate", (object?)(given.LearningRate * Math.Pow(0.5, step - 1)));
            var plain = options with { Optimizer = With(given, rate), Schedule = Schedule.Constant };
            await using var network = await Network<double>.StartAsync(graph, plain, at);
            var batch = RandomBatch.Create(graph, Loss.SquaredError, 1, (ulong)step);
            await network.StepAsync(batch);
            await scheduled.StepAsync(batch);
            at = await network.SnapshotAsync();
            var expected = await network.ParametersAsync();
            Assert.Equal(PcActors.Learning.Parameters.Sha256(expected),
                PcActors.Learning.Parameters.Sha256(await scheduled.ParametersAsync()));
        }
    }

    private static Optimizer With(Optimizer optimizer, (string, object?) value) =>
        Catalogues.Optimizers.Restore(optimizer.Name, optimizer.Values.With(value).Attributes);

    private static double[] Factors(Schedule schedule, int steps) =>
        [.. Enumerable.Range(1, steps).Select(step => schedule.FactorAt(step))];
}
