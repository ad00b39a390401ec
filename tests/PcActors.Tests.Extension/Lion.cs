using PcActors.Learning.Descriptions;
using PcActors.Learning.Optimizers;

namespace PcActors.Tests.Extension;

/// <summary>Lion (Chen et al., 2023): theta moves by alpha against the sign of beta1 m + (1 - beta1) gradient; m
/// is a moving average.</summary>
public sealed class Lion : Optimizer
{
    private readonly double _beta1;
    private readonly double _beta2;

    private Lion(Values values)
        : base(values) => (_beta1, _beta2) = (values.Number("beta1"), values.Number("beta2"));

    /// <summary>What it is made with.</summary>
    public static Description<Optimizer> Description { get; } = new(
        "lion",
        "the sign of a moving average",
        values => new Lion(values),
        Rate(0.001),
        Hyperparameter.Number("beta1", 0.9, NumberRange.Fraction, "the average's share in the step"),
        Hyperparameter.Number("beta2", 0.99, NumberRange.Fraction, "decay of the average"),
        Decay);

    /// <inheritdoc/>
    public override int StateTensors => 1;

    /// <inheritdoc/>
    protected override void Update<T>(Part<T> part)
    {
        var average = part.State(0);
        var next = part.NextState(0);
        var (beta1, beta2) = (T.CreateChecked(_beta1), T.CreateChecked(_beta2));
        for (var i = 0; i < average.Length; i++)
        {
            var gradient = part.Gradient[i];
            part.Scratch[i] = T.CreateChecked(T.Sign((beta1 * average[i]) + ((T.One - beta1) * gradient)));
            next[i] = (beta2 * average[i]) + ((T.One - beta2) * gradient);
        }
        Descend<T>(part, part.Scratch);
    }
}
