using System.Numerics;
using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Functions;

/// <summary>ONNX NegativeLogLikelihoodLoss: the scores are logarithms of probabilities, as LogSoftmax gives them.</summary>
/// <remarks>The pull-back is -w error to the true class's score and 0 to the others, over the sum of the weights for the mean.</remarks>
public sealed class NegativeLogLikelihoodLoss<T> : ClassLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A loss with the attributes given.</summary>
    /// <exception cref="AttributeException">The reduction is unknown.</exception>
    public NegativeLogLikelihoodLoss(Attributes attributes)
        : base(attributes)
    {
    }

    /// <inheritdoc/>
    public override string OperatorType => "NegativeLogLikelihoodLoss";

    private protected override double LogProbability(ReadOnlySpan<T> scores, ChannelColumn column, int i, int truth) =>
        Precision.Widen(scores[column.At(i, truth)]);

    private protected override void PullBack(
        ReadOnlySpan<T> scores, ChannelColumn column, int i, int truth, double factor, Span<T> result) =>
        result[column.At(i, truth)] = Precision.Narrow<T>(factor);
}
