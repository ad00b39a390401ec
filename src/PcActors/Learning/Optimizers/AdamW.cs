using PcActors.Learning.Descriptions;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Learning.Optimizers;

/// <summary>Adam with decoupled weight decay: Loshchilov and Hutter, ICLR 2019, algorithm 2, as PyTorch has it: theta
/// (1 - alpha lambda), then Adam's step. lambda theta is in no moment.</summary>
public sealed class AdamW : AdaptiveMoments
{
    private const double UsualDecay = 0.01;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">alpha, positive.</param>
    /// <param name="beta1">Decay of the first moment, in [0, 1).</param>
    /// <param name="beta2">Decay of the second moment, in [0, 1).</param>
    /// <param name="epsilon">Added to the root of the second moment, positive.</param>
    /// <param name="weightDecay">lambda, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public AdamW(double learningRate, double beta1 = UsualBeta1, double beta2 = UsualBeta2,
        double epsilon = UsualEpsilon, double weightDecay = UsualDecay)
        : this(Description.Complete(
            ("learningRate", learningRate), ("beta1", beta1), ("beta2", beta2), ("epsilon", epsilon),
            ("weightDecay", weightDecay)))
    {
    }

    private AdamW(Values values)
        : base(values)
    {
    }

    /// <summary>What it is made with.</summary>
    public static Description<Optimizer> Description { get; } = new(
        "adamw", "adaptive moments, with weight decay apart from them", values => new AdamW(values),
        [Rate(0.001), .. Moments, DecayOf(UsualDecay)]);

    /// <inheritdoc/>
    protected override bool DecaysGradient => false;

    /// <inheritdoc/>
    protected override void Update<T>(Part<T> part)
    {
        var step = StepOf<T>(part);
        TensorPrimitives.Multiply(part.Theta, T.CreateChecked(1 - (part.Rate * WeightDecay)), part.Next);
        TensorPrimitives.FusedMultiplyAdd(step, -T.CreateChecked(part.Rate), part.Next, part.Next);
    }
}
