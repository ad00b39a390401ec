using PcActors.Learning.Descriptions;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Learning.Optimizers;

/// <summary>Adam: Kingma and Ba, ICLR 2015, algorithm 1, with lambda theta added to the gradient.</summary>
public sealed class Adam : Optimizer
{
    private const double UsualBeta1 = 0.9;
    private const double UsualBeta2 = 0.999;
    private const double UsualEpsilon = 1e-8;

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
        : base(values) =>
        (Beta1, Beta2, Epsilon) = (values.Number("beta1"), values.Number("beta2"), values.Number("epsilon"));

    /// <summary>What it is made with.</summary>
    public static Description<Optimizer> Description { get; } = new(
        "adam",
        "adaptive moments",
        values => new Adam(values),
        Rate(0.0005),
        Hyperparameter.Number("beta1", UsualBeta1, NumberRange.Fraction, "decay of the first moment"),
        Hyperparameter.Number("beta2", UsualBeta2, NumberRange.Fraction, "decay of the second moment"),
        Hyperparameter.Number("epsilon", UsualEpsilon, NumberRange.Positive, "added to the root of the second moment"),
        Decay);

    /// <summary>beta1.</summary>
    public double Beta1 { get; }

    /// <summary>beta2.</summary>
    public double Beta2 { get; }

    /// <summary>epsilon.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public override int StateTensors => 2;

    /// <inheritdoc/>
    protected override void Update<T>(Part<T> part)
    {
        var gradient = part.Gradient;
        var step = part.Scratch;
        var first = part.NextState(0);
        var second = part.NextState(1);

        // 1 - beta is rounded once, from double precision: taken from a single-precision beta it would be off by 5e-5.
        TensorPrimitives.Multiply(gradient, T.CreateChecked(1 - Beta1), first);
        TensorPrimitives.FusedMultiplyAdd(part.State(0), T.CreateChecked(Beta1), first, first);
        TensorPrimitives.Multiply(gradient, gradient, gradient);
        TensorPrimitives.Multiply(gradient, T.CreateChecked(1 - Beta2), second);
        TensorPrimitives.FusedMultiplyAdd(part.State(1), T.CreateChecked(Beta2), second, second);

        TensorPrimitives.Divide(second, T.CreateChecked(1 - Power(Beta2, part.Number)), gradient);
        TensorPrimitives.Sqrt(gradient, gradient);
        TensorPrimitives.Add(gradient, T.CreateChecked(Epsilon), gradient);
        TensorPrimitives.Divide(first, T.CreateChecked(1 - Power(Beta1, part.Number)), step);
        TensorPrimitives.Divide(step, gradient, step);
        Descend<T>(part, step);
    }

    /// <summary>x^n by squaring: multiplications only, so that its bits are the same on every platform.</summary>
    private static double Power(double x, long n)
    {
        var power = 1.0;
        for (; n > 0; n >>= 1, x *= x)
        {
            if ((n & 1) == 1) power *= x;
        }
        return power;
    }
}
