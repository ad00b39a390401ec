using PcActors.Learning.Descriptions;
using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Learning.Schedules;

/// <summary>The learning rate falls along half a cosine (Loshchilov and Hutter, ICLR 2017, without restarts): with n
/// steps made since the warm-up and N of them in all, the factor is floor + (1 - floor) (1 + cos(pi n / N)) / 2, and
/// floor from N on.</summary>
public sealed class Cosine : WarmedSchedule
{
    private readonly int _steps;
    private readonly double _floor;

    /// <summary>Creates the schedule.</summary>
    /// <param name="steps">Training steps of all, those of the warm-up included, more than these.</param>
    /// <param name="floor">The factor at the end, from 0 to 1.</param>
    /// <param name="warmUp">Steps of linear warm-up, 0 or more.</param>
    /// <param name="start">The factor at the first step of the warm-up, from 0 to 1.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or the warm-up is as long as the
    /// whole.</exception>
    public Cosine(int steps, double floor = 0, int warmUp = 0, double start = 0)
        : this(Description.Complete(("steps", steps), ("floor", floor), ("warmUp", warmUp), ("start", start)))
    {
    }

    private Cosine(Values values)
        : base(values)
    {
        (_steps, _floor) = (values.Whole("steps"), values.Number("floor"));
        if (_steps > 0 && WarmUpSteps >= _steps)
            throw new ArgumentException(
                $"warmUp is {WarmUpSteps}, and the schedule has {_steps} steps; it must be less than these");
    }

    /// <summary>What it is made with.</summary>
    public static Description<Schedule> Description { get; } = new(
        "cosine", "falls along half a cosine", values => new Cosine(values),
        Hyperparameter.Whole("steps", 0, 0, "over which the rate falls, those of the warm-up included; 0 for the "
            + "run's", int.MaxValue),
        Hyperparameter.Number("floor", 0, NumberRange.Between(0, 1), "the factor of the learning rate at the end"),
        Steps(), Start);

    /// <inheritdoc/>
    public override string? Lacks => _steps == 0 ? "steps" : null;

    /// <inheritdoc/>
    public override Schedule Over(long steps) =>
        _steps > 0 ? this : Description.Restore(Values.With(("steps", steps)).Attributes);

    /// <inheritdoc/>
    protected override double FactorAfter(long steps)
    {
        var all = _steps - WarmUpSteps;
        if (steps >= all) return _floor;
        var share = (1 + Trigonometric.Cos(double.Pi * steps / all)) / 2;
        return _floor + ((1 - _floor) * share);
    }
}
