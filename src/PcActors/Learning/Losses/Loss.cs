using System.Numerics;
using PcActors.Learning.Descriptions;
using PcActors.Tensors;

namespace PcActors.Learning.Losses;

/// <summary>The loss L: it sets the root's error, eps_out = dL / dmu_out.</summary>
public abstract class Loss : IDescribed
{
    /// <summary>Creates a loss.</summary>
    /// <param name="values">The values of its hyperparameters.</param>
    protected Loss(Values values) => Values = values;

    /// <summary>L = 1/2 sum over features of (mu - y)^2, mean over the batch.</summary>
    public static Loss SquaredError { get; } = new SquaredError(Losses.SquaredError.Description.Complete());

    /// <summary>Softmax cross-entropy of logits [N, C] with N labels, mean over the batch.</summary>
    public static Loss CrossEntropy { get; } = new CrossEntropy(Losses.CrossEntropy.Description.Complete());

    /// <summary>The name of its description.</summary>
    public string Name => Values.Kind;

    /// <inheritdoc/>
    public Values Values { get; }

    /// <summary>The loss of one micro-batch, its share of the mean over the batch, and the root's error.</summary>
    /// <param name="prediction">mu_out; the outermost axis runs over samples.</param>
    /// <param name="target">What should have been predicted, of the shape that <see cref="TargetShape"/> gives.</param>
    /// <param name="batchSize">Samples of the whole batch.</param>
    /// <param name="error">Receives dL / dmu_out, of the prediction's shape.</param>
    /// <returns>L, computed in double precision.</returns>
    public abstract double Evaluate<T>(Tensor<T> prediction, Tensor<T> target, int batchSize, Tensor<T> error)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The target's shape for predictions of a shape.</summary>
    /// <exception cref="ShapeException">The loss has no meaning for such predictions.</exception>
    public abstract Shape TargetShape(Shape prediction);
}
