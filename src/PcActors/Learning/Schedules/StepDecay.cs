using PcActors.Learning.Descriptions;
using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Learning.Schedules;

/// <summary>The learning rate falls in steps: after n training steps, counted from the end of the warm-up, it is
/// multiplied by factor^floor(n / every).</summary>
public sealed class StepDecay : WarmedSchedule
{
    private readonly int _every;
    private readonly double _factor;

    /// <summary>Creates the schedule.</summary>
    /// <param name="every">Training steps between two falls, at least 1.</param>
    /// <param name="factor">By which the rate is multiplied, above 0 and up to 1.</param>
    /// <param name="warmUp">Steps of linear warm-up, 0 or more.</param>
    /// <param name="start">The factor at the first step of the warm-up, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public StepDecay(int every, double factor, int warmUp = 0, double start = 0)
        : this(Description.Complete(("every", every), ("factor", factor), ("warmUp", warmUp), ("start", start)))
    {
    }

    private StepDecay(Values values)
        : base(values) =>
        (_every, _factor) = (values.Whole("every"), values.Number("factor"));

    /// <summary>What it is made with.</summary>
    public static Description<Schedule> Description { get; } = new(
        "step", "falls by a factor every so many steps", values => new StepDecay(values),
        Hyperparameter.Whole("every", 1000, 1, "steps after which the rate falls"),
        Hyperparameter.Number("factor", 0.1, NumberRange.Between(1e-6, 1), "by which it is multiplied then"),
        Steps(), Start);

    /// <inheritdoc/>
    protected override double FactorAfter(long steps) => WholePower.Of(_factor, steps / _every);
}
