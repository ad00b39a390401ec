using PcActors.Learning.Descriptions;
using PcActors.Tensors;

namespace PcActors.Learning.Losses;

/// <summary>L = mu, where the network computes its loss itself. The error is 1.</summary>
/// <remarks>The root has one number a sample, [N] or [N, 1], and the mean over the batch is taken where a parameter
/// learns; or it is a scalar, the loss of a whole micro-batch, and the mean is taken over micro-batches.</remarks>
internal sealed class OutputLoss(Values values) : Loss(values)
{
    public static Description<Loss> Description { get; } = new("output",
        "the root's own value, a loss that the network computes", _ => Loss.Output);

    public override bool TakesTarget => false;

    public override Shape TargetShape(Shape prediction) =>
        prediction.Rank == 0 ? new Shape(1)
        : prediction.Length == prediction[0] ? new Shape(prediction[0])
        : throw new ShapeException(
            "the loss output needs a root of one number a sample, [N], or of one in all, and the root's prediction "
            + $"has {prediction}");

    public override void Evaluate<T>(Tensor<T> prediction, Tensor<T> target, Span<double> losses, Tensor<T> error)
    {
        for (var sample = 0; sample < losses.Length; sample++)
            losses[sample] = double.CreateTruncating(prediction.Span[sample]);
        error.Writable.Fill(T.One);
    }
}
