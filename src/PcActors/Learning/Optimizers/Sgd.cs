using PcActors.Learning.Descriptions;

namespace PcActors.Learning.Optimizers;

/// <summary>Stochastic gradient descent: theta - alpha (gradient + lambda theta).</summary>
public sealed class Sgd : Optimizer
{
    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">alpha, positive.</param>
    /// <param name="weightDecay">lambda, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public Sgd(double learningRate, double weightDecay = 0)
        : this(Description.Complete(("learningRate", learningRate), ("weightDecay", weightDecay)))
    {
    }

    private Sgd(Values values)
        : base(values)
    {
    }

    /// <summary>What it is made with.</summary>
    public static Description<Optimizer> Description { get; } = new(
        "sgd", "stochastic gradient descent", values => new Sgd(values), Rate(0.01), Decay);

    /// <inheritdoc/>
    public override int StateTensors => 0;

    /// <inheritdoc/>
    public override bool IsPlain => WeightDecay == 0;

    /// <inheritdoc/>
    protected override void Update<T>(Part<T> part) => Descend<T>(part, part.Gradient);
}
