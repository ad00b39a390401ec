using PcActors.Learning.Descriptions;
using PcActors.Learning.Schedules;

namespace PcActors.Tests.Extension;

/// <summary>The rate falls with the root of the steps (Vaswani et al., 2017): the factor is sqrt(W / (W + n)) after n
/// steps.</summary>
public sealed class InverseRoot : Schedule
{
    private readonly int _scale;

    private InverseRoot(Values values)
        : base(values) => _scale = values.Whole("scale");

    /// <summary>What it is made with.</summary>
    public static Description<Schedule> Description { get; } = new(
        "inverse-root",
        "falls with the root of the steps",
        values => new InverseRoot(values),
        Hyperparameter.Whole("scale", 1000, 1, "W, steps after which it has fallen to 0.7"));

    /// <inheritdoc/>
    public override double FactorAt(long step) => double.Sqrt(_scale / (double)(_scale + step - 1));
}
