using PcActors.Learning.Descriptions;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Learning.Optimizers;

/// <summary>Gradient descent with momentum: v = beta v + gradient + lambda theta; theta -
/// alpha v (Polyak, 1964).</summary>
public sealed class Momentum : Optimizer
{
    private const double UsualBeta = 0.9;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">alpha, positive.</param>
    /// <param name="momentum">beta, the share of the velocity that is kept, in [0, 1).</param>
    /// <param name="weightDecay">lambda, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public Momentum(double learningRate, double momentum = UsualBeta, double weightDecay = 0)
        : this(
            Description.Complete(("learningRate", learningRate), ("momentum", momentum), ("weightDecay", weightDecay)))
    {
    }

    private Momentum(Values values)
        : base(values) => Beta = values.Number("momentum");

    /// <summary>What it is made with.</summary>
    public static Description<Optimizer> Description { get; } = new(
        "momentum",
        "gradient descent with momentum",
        values => new Momentum(values),
        Rate(0.005),
        Hyperparameter.Number("momentum", UsualBeta, NumberRange.Fraction, "share of the velocity that is kept"),
        Decay);

    /// <summary>beta.</summary>
    public double Beta { get; }

    /// <inheritdoc/>
    public override int StateTensors => 1;

    /// <inheritdoc/>
    protected override void Update<T>(Part<T> part)
    {
        var velocity = part.NextState(0);
        TensorPrimitives.FusedMultiplyAdd(part.State(0), T.CreateChecked(Beta), part.Gradient, velocity);
        Descend<T>(part, velocity);
    }
}
