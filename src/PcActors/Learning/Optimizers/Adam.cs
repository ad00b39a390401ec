using PcActors.Learning.Descriptions;

namespace PcActors.Learning.Optimizers;

/// <summary>Adam: Kingma and Ba, ICLR 2015, algorithm 1, with lambda theta added to the gradient.</summary>
public sealed class Adam : AdaptiveMoments
{
    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">alpha, positive.</param>
    /// <param name="beta1">Decay of the first moment, in [0, 1).</param>
    /// <param name="beta2">Decay of the second moment, in [0, 1).</param>
    /// <param name="epsilon">Added to the root of the second moment, positive.</param>
    /// <param name="weightDecay">lambda, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public Adam(double learningRate, double beta1 = UsualBeta1, double beta2 = UsualBeta2,
        double epsilon = UsualEpsilon, double weightDecay = 0)
        : this(Description.Complete(
            ("learningRate", learningRate), ("beta1", beta1), ("beta2", beta2), ("epsilon", epsilon),
            ("weightDecay", weightDecay)))
    {
    }

    private Adam(Values values)
        : base(values)
    {
    }

    /// <summary>What it is made with.</summary>
    public static Description<Optimizer> Description { get; } = new(
        "adam", "adaptive moments", values => new Adam(values), [Rate(0.0005), .. Moments, Decay]);

    /// <inheritdoc/>
    protected override void Update<T>(Part<T> part) => Descend<T>(part, StepOf<T>(part));
}
