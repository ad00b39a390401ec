namespace PcActors.Learning.Optimizers;

/// <summary>Stochastic gradient descent: theta - alpha (gradient + lambda theta).</summary>
public sealed class Sgd(double learningRate, double weightDecay = 0) : Optimizer(learningRate, weightDecay)
{
    /// <inheritdoc/>
    public override string Name => "sgd";

    /// <inheritdoc/>
    public override int StateTensors => 0;

    /// <inheritdoc/>
    public override double? PlainRate => WeightDecay == 0 ? LearningRate : null;

    private protected override void Update<T>(Part<T> part) => Descend<T>(part, part.Gradient);
}
