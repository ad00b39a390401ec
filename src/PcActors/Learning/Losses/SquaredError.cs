using PcActors.Learning.Descriptions;
using PcActors.Tensors;

namespace PcActors.Learning.Losses;

/// <summary>L = 1/2 sum over features of (mu - y)^2, mean over the batch. The error is (mu - y) / N.</summary>
internal sealed class SquaredError(Values values) : Loss(values)
{
    public static Description<Loss> Description { get; } = new("squared-error",
        "half the squared distance, mean over the batch", _ => Loss.SquaredError);

    public override Shape TargetShape(Shape prediction) => prediction.Rank > 0
        ? prediction
        : throw new ShapeException("squared-error needs a prediction with a batch axis, and the root's is a scalar");

    public override double Evaluate<T>(Tensor<T> prediction, Tensor<T> target, int batchSize, Tensor<T> error)
    {
        var mu = prediction.Span;
        var y = target.Span;
        var eps = error.Writable;
        var size = T.CreateChecked(batchSize);
        var sum = 0.0;
        for (var i = 0; i < eps.Length; i++)
        {
            var difference = mu[i] - y[i];
            eps[i] = difference / size;
            var wide = double.CreateTruncating(difference);
            sum += wide * wide;
        }
        return sum / 2 / batchSize;
    }
}
