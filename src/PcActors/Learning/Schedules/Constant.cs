using PcActors.Learning.Descriptions;

namespace PcActors.Learning.Schedules;

/// <summary>The same learning rate at every step.</summary>
public sealed class Constant : Schedule
{
    private Constant(Values values)
        : base(values)
    {
    }

    /// <summary>What it is made with.</summary>
    public static Description<Schedule> Description { get; } = new(
        "constant", "the same rate at every step", values => new Constant(values));

    /// <inheritdoc/>
    public override double FactorAt(long step) => 1;
}
