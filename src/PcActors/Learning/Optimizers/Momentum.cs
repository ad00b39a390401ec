using PcActors.Tensors;

namespace PcActors.Learning;

/// <summary>Gradient descent with momentum: v = beta v + gradient + lambda theta; theta - alpha v (Polyak, 1964).</summary>
public sealed class Momentum : Optimizer
{
    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">alpha, positive.</param>
    /// <param name="beta">The share of the velocity that is kept, in [0, 1).</param>
    /// <param name="weightDecay">lambda, 0 or more.</param>
    public Momentum(double learningRate, double beta = 0.9, double weightDecay = 0)
        : base(learningRate, weightDecay)
    {
        if (!(beta is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(beta), beta, "the momentum must lie in [0, 1)");
        Beta = beta;
    }

    /// <summary>beta.</summary>
    public double Beta { get; }

    /// <inheritdoc/>
    public override string Name => "momentum";

    /// <inheritdoc/>
    public override int StateTensors => 1;

    /// <inheritdoc/>
    public override void Update<T>(
        long update, ReadOnlySpan<T> theta, ReadOnlySpan<T> gradient, Span<T> next,
        ReadOnlySpan<Tensor<T>> state, ReadOnlySpan<Tensor<T>> nextState)
    {
        var (alpha, lambda, beta) = (T.CreateChecked(LearningRate), T.CreateChecked(WeightDecay), T.CreateChecked(Beta));
        var velocity = state[0].Span;
        var nextVelocity = nextState[0].Writable;
        for (var i = 0; i < next.Length; i++)
        {
            nextVelocity[i] = T.FusedMultiplyAdd(beta, velocity[i], Decayed(gradient[i], lambda, theta[i]));
            next[i] = Descend(theta[i], alpha, nextVelocity[i]);
        }
    }
}
