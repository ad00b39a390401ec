using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Functions;

/// <summary>ONNX SoftmaxCrossEntropyLoss: the scores are logits, whose softmax over the classes gives the probabilities.</summary>
/// <remarks>The pull-back is w (softmax - 1) error to the true class's logit and w softmax error to the others, over the sum of
/// the weights for the mean. The operator's second output, log_prob, is LogSoftmax along axis 1.</remarks>
public sealed class SoftmaxCrossEntropyLoss<T> : ClassLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A loss with the attributes given.</summary>
    /// <exception cref="AttributeException">The reduction is unknown.</exception>
    public SoftmaxCrossEntropyLoss(Attributes attributes)
        : base(attributes)
    {
    }

    /// <inheritdoc/>
    public override string OperatorType => "SoftmaxCrossEntropyLoss";

    /// <inheritdoc/>
    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => (Flops.Transcendental + 3L) * inputs[0].Length;

    private protected override double LogProbability(ReadOnlySpan<T> scores, ChannelColumn column, int i, int truth) =>
        Precision.Widen(scores[column.At(i, truth)]) - LogSum(scores, column, i);

    private protected override void PullBack(
        ReadOnlySpan<T> scores, ChannelColumn column, int i, int truth, double factor, Span<T> result)
    {
        var logSum = LogSum(scores, column, i);
        for (var c = 0; c < column.Channels; c++)
        {
            var at = column.At(i, c);
            var softmax = Exponential.Exp(Precision.Widen(scores[at]) - logSum);
            result[at] = Precision.Narrow<T>(((c == truth ? 1 : 0) - softmax) * factor);
        }
    }

    /// <summary>log(sum(e^x)) over the classes; the largest is subtracted first, so no exponential overflows.</summary>
    private static double LogSum(ReadOnlySpan<T> scores, ChannelColumn column, int i)
    {
        var max = double.NegativeInfinity;
        for (var c = 0; c < column.Channels; c++) max = double.Max(max, Precision.Widen(scores[column.At(i, c)]));
        var sum = 0.0;
        for (var c = 0; c < column.Channels; c++) sum += Exponential.Exp(Precision.Widen(scores[column.At(i, c)]) - max);
        return max + Logarithm.Log(sum);
    }
}
