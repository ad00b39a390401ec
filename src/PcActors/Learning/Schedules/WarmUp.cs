using PcActors.Learning.Descriptions;

namespace PcActors.Learning.Schedules;

/// <summary>Linear warm-up (Goyal et al., 2017): the factor rises from its first value to 1, and stays there. With n
/// steps made, it is start + (1 - start) n / W for n below W.</summary>
public sealed class WarmUp : WarmedSchedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="steps">W, at least 1.</param>
    /// <param name="start">The factor at the first step, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public WarmUp(int steps, double start = 0)
        : this(Description.Complete(("warmUp", steps), ("start", start)))
    {
    }

    private WarmUp(Values values)
        : base(values)
    {
    }

    /// <summary>What it is made with.</summary>
    public static Description<Schedule> Description { get; } = new(
        "warm-up", "rises linearly to the whole rate, and stays there", values => new WarmUp(values),
        Steps(500, least: 1), Start);

    /// <inheritdoc/>
    protected override double FactorAfter(long steps) => 1;
}
