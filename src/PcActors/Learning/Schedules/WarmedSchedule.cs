using PcActors.Learning.Descriptions;

namespace PcActors.Learning.Schedules;

/// <summary>A schedule that may begin with a linear warm-up, to whose end its own course is joined.</summary>
public abstract class WarmedSchedule : Schedule
{
    private readonly double _start;

    /// <summary>Creates a schedule.</summary>
    /// <param name="values">The values of its hyperparameters, of which <see cref="Steps"/> and <see cref="Start"/> are
    /// two.</param>
    protected WarmedSchedule(Values values)
        : base(values) =>
        (WarmUpSteps, _start) = (values.Whole("warmUp"), values.Number("start"));

    /// <summary>W, the steps of the warm-up.</summary>
    public int WarmUpSteps { get; }

    /// <summary>The factor at the first step of a warm-up.</summary>
    protected static Hyperparameter Start { get; } = Hyperparameter.Number(
        "start", 0, NumberRange.Between(0, 1), "the factor of the learning rate at the first step of the warm-up");

    /// <summary>W, the steps of the warm-up.</summary>
    /// <param name="otherwise">Their default number.</param>
    /// <param name="least">Their least.</param>
    protected static Hyperparameter Steps(int otherwise = 0, int least = 0) => Hyperparameter.Whole(
        "warmUp", otherwise, least, "steps over which the rate rises linearly");

    /// <inheritdoc/>
    public sealed override double FactorAt(long step)
    {
        var made = step - 1;
        return made < WarmUpSteps
            ? _start + ((FactorAfter(0) - _start) * ((double)made / WarmUpSteps))
            : FactorAfter(made - WarmUpSteps);
    }

    /// <summary>The factor when so many steps have been made since the warm-up.</summary>
    protected abstract double FactorAfter(long steps);
}
