using System.Numerics;
using PcActors.Learning.Descriptions;
using PcActors.Tensors.Kernels.Scalars;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Learning.Optimizers;

/// <summary>An optimizer that takes the step m' / (sqrt(v') + epsilon) of Kingma and Ba (ICLR 2015, algorithm 1): m and
/// v are decaying averages of the gradient and its square, m' and v' are freed of their start at 0.</summary>
public abstract class AdaptiveMoments : Optimizer
{
    private protected const double UsualBeta1 = 0.9;
    private protected const double UsualBeta2 = 0.999;
    private protected const double UsualEpsilon = 1e-8;

    private protected AdaptiveMoments(Values values)
        : base(values) =>
        (Beta1, Beta2, Epsilon) = (values.Number("beta1"), values.Number("beta2"), values.Number("epsilon"));

    /// <summary>beta1.</summary>
    public double Beta1 { get; }

    /// <summary>beta2.</summary>
    public double Beta2 { get; }

    /// <summary>epsilon.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public override int StateTensors => 2;

    private protected static IReadOnlyList<Hyperparameter> Moments { get; } =
    [
        Hyperparameter.Number("beta1", UsualBeta1, NumberRange.Fraction, "decay of the first moment"),
        Hyperparameter.Number("beta2", UsualBeta2, NumberRange.Fraction, "decay of the second moment"),
        Hyperparameter.Number("epsilon", UsualEpsilon, NumberRange.Positive, "added to the root of the second moment"),
    ];

    /// <summary>The next moments, and the step, which is written into the part's scratch.</summary>
    private protected Span<T> StepOf<T>(Part<T> part)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
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

        TensorPrimitives.Divide(second, T.CreateChecked(1 - WholePower.Of(Beta2, part.Number)), gradient);
        TensorPrimitives.Sqrt(gradient, gradient);
        TensorPrimitives.Add(gradient, T.CreateChecked(Epsilon), gradient);
        TensorPrimitives.Divide(first, T.CreateChecked(1 - WholePower.Of(Beta1, part.Number)), step);
        TensorPrimitives.Divide(step, gradient, step);
        return step;
    }
}
