using PcActors.Learning.Descriptions;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Learning.Losses;

/// <summary>L = 1/2 sum over features of (mu - y)^2. The error is mu - y.</summary>
internal sealed class SquaredError(Values values) : Loss(values)
{
    public static Description<Loss> Description { get; } = new("squared-error",
        "half the squared distance", _ => Loss.SquaredError);

    public override Shape TargetShape(Shape prediction) => prediction.Rank > 0
        ? prediction
        : throw new ShapeException("squared-error needs a prediction with a batch axis, and the root's is a scalar");

    public override void Evaluate<T>(Tensor<T> prediction, Tensor<T> target, Span<double> losses, Tensor<T> error)
    {
        TensorPrimitives.Subtract(prediction.Span, target.Span, error.Writable);
        var features = error.Length / losses.Length;
        for (var sample = 0; sample < losses.Length; sample++)
            losses[sample] = Reductions.SumSquaresWide<T>(error.Span.Slice(sample * features, features)) / 2;
    }
}
