using PcActors.Tensors;

namespace PcActors.Learning;

/// <summary>Stochastic gradient descent: theta - alpha (gradient + lambda theta).</summary>
public sealed class Sgd(double learningRate, double weightDecay = 0) : Optimizer(learningRate, weightDecay)
{
    /// <inheritdoc/>
    public override string Name => "sgd";

    /// <inheritdoc/>
    public override int StateTensors => 0;

    /// <inheritdoc/>
    public override double? PlainRate => WeightDecay == 0 ? LearningRate : null;

    /// <inheritdoc/>
    public override void Update<T>(
        long update, ReadOnlySpan<T> theta, ReadOnlySpan<T> gradient, Span<T> next,
        ReadOnlySpan<Tensor<T>> state, ReadOnlySpan<Tensor<T>> nextState)
    {
        var (alpha, lambda) = (T.CreateChecked(LearningRate), T.CreateChecked(WeightDecay));
        for (var i = 0; i < next.Length; i++) next[i] = Descend(theta[i], alpha, Decayed(gradient[i], lambda, theta[i]));
    }
}
