using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Learning;

/// <summary>Turns a gradient into an update. It holds numbers only: a parameter's state lives with the parameter.</summary>
public abstract class Optimizer
{
    /// <summary>Creates an optimizer.</summary>
    /// <param name="learningRate">alpha, positive.</param>
    /// <param name="weightDecay">lambda, 0 or more: lambda theta is added to the gradient.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, not finite, or a rate of 0.</exception>
    protected Optimizer(double learningRate, double weightDecay)
    {
        if (!(learningRate > 0 && double.IsFinite(learningRate)))
            throw new ArgumentOutOfRangeException(nameof(learningRate), learningRate, "the learning rate must be positive and finite");
        if (!(weightDecay >= 0 && double.IsFinite(weightDecay)))
            throw new ArgumentOutOfRangeException(nameof(weightDecay), weightDecay, "the weight decay must be 0 or more and finite");
        LearningRate = learningRate;
        WeightDecay = weightDecay;
    }

    /// <summary>alpha.</summary>
    public double LearningRate { get; }

    /// <summary>lambda.</summary>
    public double WeightDecay { get; }

    /// <summary>The name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>How many tensors of the parameter's shape its state has.</summary>
    public abstract int StateTensors { get; }

    /// <summary>alpha when the update is theta - alpha gradient and nothing else, which a product can do as it finishes.</summary>
    public virtual double? PlainRate => null;

    /// <summary>The parameter's next value, and its next state.</summary>
    /// <param name="update">Number of this update of the parameter, from 1.</param>
    /// <param name="theta">The value.</param>
    /// <param name="gradient">dL / dtheta.</param>
    /// <param name="next">Receives the next value.</param>
    /// <param name="state">The state, <see cref="StateTensors"/> tensors that start at 0.</param>
    /// <param name="nextState">Receives the next state.</param>
    public abstract void Update<T>(
        long update, ReadOnlySpan<T> theta, ReadOnlySpan<T> gradient, Span<T> next,
        ReadOnlySpan<Tensor<T>> state, ReadOnlySpan<Tensor<T>> nextState)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>gradient + lambda theta, element by element.</summary>
    private protected static T Decayed<T>(T gradient, T lambda, T theta)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.FusedMultiplyAdd(lambda, theta, gradient);

    /// <summary>theta - alpha step. A negative zero becomes a positive one: a zero error carries no sign that matters, and
    /// must not leave one.</summary>
    private protected static T Descend<T>(T theta, T alpha, T step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.FusedMultiplyAdd(-alpha, step, theta) + T.Zero;
}
