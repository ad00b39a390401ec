using PcActors.Tensors;

namespace PcActors.Learning;

/// <summary>Adam: Kingma and Ba, ICLR 2015, algorithm 1, with lambda theta added to the gradient.</summary>
public sealed class Adam : Optimizer
{
    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">alpha, positive.</param>
    /// <param name="beta1">Decay of the first moment, in [0, 1).</param>
    /// <param name="beta2">Decay of the second moment, in [0, 1).</param>
    /// <param name="epsilon">Added to the root of the second moment, positive.</param>
    /// <param name="weightDecay">lambda, 0 or more.</param>
    public Adam(double learningRate, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0)
        : base(learningRate, weightDecay)
    {
        if (!(beta1 is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(beta1), beta1, "beta1 must lie in [0, 1)");
        if (!(beta2 is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(beta2), beta2, "beta2 must lie in [0, 1)");
        if (!(epsilon > 0 && double.IsFinite(epsilon)))
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "epsilon must be positive and finite");
        (Beta1, Beta2, Epsilon) = (beta1, beta2, epsilon);
    }

    /// <summary>beta1.</summary>
    public double Beta1 { get; }

    /// <summary>beta2.</summary>
    public double Beta2 { get; }

    /// <summary>epsilon.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public override string Name => "adam";

    /// <inheritdoc/>
    public override int StateTensors => 2;

    /// <inheritdoc/>
    public override void Update<T>(
        long update, ReadOnlySpan<T> theta, ReadOnlySpan<T> gradient, Span<T> next,
        ReadOnlySpan<Tensor<T>> state, ReadOnlySpan<Tensor<T>> nextState)
    {
        var (alpha, lambda, epsilon) = (T.CreateChecked(LearningRate), T.CreateChecked(WeightDecay), T.CreateChecked(Epsilon));
        var (beta1, beta2) = (T.CreateChecked(Beta1), T.CreateChecked(Beta2));
        var bias1 = T.CreateChecked(1 - Power(Beta1, update));
        var bias2 = T.CreateChecked(1 - Power(Beta2, update));
        var first = state[0].Span;
        var second = state[1].Span;
        var nextFirst = nextState[0].Writable;
        var nextSecond = nextState[1].Writable;
        for (var i = 0; i < next.Length; i++)
        {
            var g = Decayed(gradient[i], lambda, theta[i]);
            nextFirst[i] = T.FusedMultiplyAdd(beta1, first[i] - g, g);
            nextSecond[i] = T.FusedMultiplyAdd(beta2, second[i] - (g * g), g * g);
            next[i] = Descend(theta[i], alpha, nextFirst[i] / bias1 / (T.Sqrt(nextSecond[i] / bias2) + epsilon));
        }
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
