using PcActors.Learning.Optimizers;

namespace PcActors.Tests.Learning;

/// <summary>The optimizers' published formulas for one number, in double precision.</summary>
internal sealed class OptimizerReference(Optimizer optimizer, double theta)
{
    private double _first;
    private double _second;
    private int _number;

    public double Theta { get; private set; } = theta;

    public void Update(double gradient)
    {
        _number++;
        var g = optimizer is AdamW ? gradient : gradient + (optimizer.WeightDecay * Theta);
        if (optimizer is AdamW) Theta -= optimizer.LearningRate * optimizer.WeightDecay * Theta;
        Theta -= optimizer.LearningRate * optimizer switch
        {
            Sgd => g,
            Momentum momentum => _first = (momentum.Beta * _first) + g,
            AdaptiveMoments adam => AdamStep(adam, g),
            _ => throw new NotSupportedException(optimizer.Name),
        };
    }

    private double AdamStep(AdaptiveMoments adam, double g)
    {
        _first = (adam.Beta1 * _first) + ((1 - adam.Beta1) * g);
        _second = (adam.Beta2 * _second) + ((1 - adam.Beta2) * g * g);
        var first = _first / (1 - Math.Pow(adam.Beta1, _number));
        var second = _second / (1 - Math.Pow(adam.Beta2, _number));
        return first / (Math.Sqrt(second) + adam.Epsilon);
    }
}
