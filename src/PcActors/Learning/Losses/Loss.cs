using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Learning.Losses;

/// <summary>The loss L: it sets the root's error, eps_out = dL / dmu_out.</summary>
public abstract class Loss
{
    /// <summary>L = 1/2 sum over features of (mu - y)^2, mean over the batch.</summary>
    public static Loss SquaredError { get; } = new SquaredError();

    /// <summary>Softmax cross-entropy of logits [N, C] with N labels, mean over the batch.</summary>
    public static Loss CrossEntropy { get; } = new CrossEntropy();

    /// <summary>All losses.</summary>
    public static IReadOnlyList<Loss> All { get; } = [SquaredError, CrossEntropy];

    /// <summary>The name on the command line.</summary>
    public abstract string Name { get; }

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

    /// <summary>The loss of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public static Loss Parse(string name) => All.FirstOrDefault(l => l.Name == name)
        ?? throw new ArgumentException($"unknown loss '{name}'; known are {string.Join(", ", All.Select(l => l.Name))}");
}
