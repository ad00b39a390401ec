using PcActors.Learning.Descriptions;
using PcActors.Learning.Losses;
using PcActors.Tensors;

namespace PcActors.Tests.Extension;

/// <summary>Huber's loss (1964): half the square of mu - y up to delta, and linear beyond; sum over
/// features.</summary>
public sealed class Huber : Loss
{
    private readonly double _delta;

    private Huber(Values values)
        : base(values) => _delta = values.Number("delta");

    /// <summary>What it is made with.</summary>
    public static Description<Loss> Description { get; } = new(
        "huber",
        "squared near the target, linear far from it",
        values => new Huber(values),
        Hyperparameter.Number("delta", 1, NumberRange.Positive, "where it becomes linear"));

    /// <inheritdoc/>
    public override Shape TargetShape(Shape prediction) => prediction;

    /// <inheritdoc/>
    public override void Evaluate<T>(Tensor<T> prediction, Tensor<T> target, Span<double> losses, Tensor<T> error)
    {
        losses.Clear();
        for (var i = 0; i < error.Length; i++)
        {
            var difference = double.CreateChecked(prediction.Span[i] - target.Span[i]);
            var slope = Math.Clamp(difference, -_delta, _delta);
            losses[i * losses.Length / error.Length] += slope * (difference - (slope / 2));
            error.Writable[i] = T.CreateChecked(slope);
        }
    }
}
