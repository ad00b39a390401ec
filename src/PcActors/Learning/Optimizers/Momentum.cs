using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Learning.Optimizers;

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

    private protected override void Update<T>(Part<T> part)
    {
        var velocity = part.NextState(0);
        TensorPrimitives.FusedMultiplyAdd(part.State(0), T.CreateChecked(Beta), part.Gradient, velocity);
        Descend<T>(part, velocity);
    }
}
