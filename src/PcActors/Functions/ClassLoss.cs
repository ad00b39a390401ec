using System.Globalization;
using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Scalars;
using static PcActors.Functions.OperatorAttribute;
using static PcActors.Functions.OperatorInput;

namespace PcActors.Functions;

/// <summary>Losses of scores for classes.</summary>
internal static class ClassLossOperators
{
    public static Operator[] All =>
    [
        new("NegativeLogLikelihoodLoss", typeof(NegativeLogLikelihoodLoss<>))
        {
            Inputs = ["input", Indices("target"), "weight?"],
            Attributes = [Text("reduction", "mean", "sum", "none"), Integer("ignore_index")], Since = 12,
        },
        new("SoftmaxCrossEntropyLoss", typeof(SoftmaxCrossEntropyLoss<>))
        {
            Inputs = ["scores", Indices("labels"), "weights?"],
            Attributes = [Text("reduction", "mean", "sum", "none"), Integer("ignore_index")], Since = 12,
            Remark = "log_prob is a LogSoftmax",
        },
    ];
}

/// <summary>A loss of scores for classes: for each sample and place, -w log p of the true class.</summary>
/// <remarks>
/// <para>Inputs: scores [N, C, ...]; classes [N, ...], whole numbers, to which nothing is pulled
/// back; and, optional, a weight for each class, [C] (1).</para>
/// <para>Attributes: reduction ("mean": the sum over the sum of the weights; "sum"; "none": mu
/// is [N, ...]); ignore_index: a class that counts for nothing. The mean of nothing is NaN.</para>
/// </remarks>
internal abstract class ClassLoss<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _isReduced = settings.Text("reduction") != "none";
    private readonly bool _isMean = settings.Text("reduction") == "mean";
    private readonly long? _ignored = settings.Has("ignore_index") ? settings.Integer("ignore_index") : null;

    public sealed override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var (scores, classes) = (inputs[0], inputs[1]);
        if (scores.Rank < 2) throw Misfit($"the scores' shape is {scores}; it must be [batch, classes, ...]");
        var wanted = new Shape([scores[0], .. scores.Dimensions[2..]]);
        if (!classes.Equals(wanted))
            throw Misfit($"the classes' shape is {classes}; for scores {scores} it must be {wanted}");
        if (inputs.Length == 3 && !inputs[2].Equals(new Shape(scores[1])))
            throw Misfit($"the weights' shape is {inputs[2]}; for {scores[1]} classes it must be [{scores[1]}]");
        return _isReduced ? Shape.Scalar : wanted;
    }

    public sealed override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var column = new ChannelColumn(inputs[0].Shape);
        var mu = prediction.Writable;
        var (sum, weights) = (0.0, 0.0);
        for (var i = 0; i < inputs[1].Length; i++)
        {
            var truth = Class(inputs, i, column.Channels);
            var weight = Weight(inputs, truth);
            var loss = truth < 0 ? 0 : -weight * LogProbability(inputs[0].Span, column, i, truth);
            if (!_isReduced) mu[i] = Precision.Narrow<T>(loss);
            sum += loss;
            weights += weight;
        }
        if (_isReduced) mu[0] = Precision.Narrow<T>(_isMean ? sum / weights : sum);
    }

    public sealed override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        result.Writable.Clear();
        if (input == 1) return;
        var column = new ChannelColumn(inputs[0].Shape);
        var divisor = _isMean ? WeightSum(inputs, column.Channels) : 1;
        var mean = _isMean ? Precision.Widen(prediction.Span[0]) : 0;
        for (var i = 0; i < inputs[1].Length; i++)
        {
            var truth = Class(inputs, i, column.Channels);
            if (truth < 0) continue;
            var eps = Precision.Widen(error.Span[_isReduced ? 0 : i]) / divisor;
            if (input == 0) PullBack(inputs[0].Span, column, i, truth, -Weight(inputs, truth) * eps, result.Writable);
            else
            {
                // The weight counts in the sum of the weights too.
                var loss = -LogProbability(inputs[0].Span, column, i, truth);
                result.Writable[truth] += Precision.Narrow<T>((loss - mean) * eps);
            }
        }
    }

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => 2L * inputs[1].Length;

    /// <summary>log p of a class.</summary>
    protected abstract double LogProbability(ReadOnlySpan<T> scores, ChannelColumn column, int i, int truth);

    /// <summary>Writes a factor times the derivatives of log p of a class by the scores of its column,
    /// which are 0 before.</summary>
    protected abstract void PullBack(
        ReadOnlySpan<T> scores, ChannelColumn column, int i, int truth, double factor, Span<T> result);

    /// <summary>The true class, or -1 when it is the ignored one.</summary>
    private int Class(ReadOnlySpan<Tensor<T>> inputs, int i, int classes)
    {
        var label = inputs[1].Span[i];
        if (_ignored is { } ignored && label == T.CreateSaturating(ignored)) return -1;
        var truth = int.CreateSaturating(label);
        if (truth >= 0 && truth < classes && !T.IsNaN(label)) return truth;
        throw new IndexException(string.Create(
            CultureInfo.InvariantCulture,
            $"{OperatorType}: the class {label} of element {i} is outside [0, {classes - 1}]"));
    }

    private static double Weight(ReadOnlySpan<Tensor<T>> inputs, int truth) =>
        truth < 0 ? 0 : inputs.Length == 3 ? Precision.Widen(inputs[2].Span[truth]) : 1;

    private double WeightSum(ReadOnlySpan<Tensor<T>> inputs, int classes)
    {
        var sum = 0.0;
        for (var i = 0; i < inputs[1].Length; i++) sum += Weight(inputs, Class(inputs, i, classes));
        return sum;
    }
}

/// <summary>ONNX NegativeLogLikelihoodLoss: the scores are logarithms of probabilities, as
/// LogSoftmax gives them.</summary>
/// <remarks>The pull-back is -w error to the true class's score and 0 to the others, over the sum of the
/// weights for the mean.</remarks>
internal sealed class NegativeLogLikelihoodLoss<T>(OperatorSettings settings) : ClassLoss<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override double LogProbability(ReadOnlySpan<T> scores, ChannelColumn column, int i, int truth) =>
        Precision.Widen(scores[column.At(i, truth)]);

    protected override void PullBack(
        ReadOnlySpan<T> scores, ChannelColumn column, int i, int truth, double factor, Span<T> result) =>
        result[column.At(i, truth)] = Precision.Narrow<T>(factor);
}

/// <summary>ONNX SoftmaxCrossEntropyLoss: the scores are logits, whose softmax over the classes
/// gives the probabilities.</summary>
/// <remarks>The pull-back is w (softmax - 1) error to the true class's logit and w softmax error
/// to the others, over the sum of the weights for the mean. The operator's second output, log_prob, is
/// LogSoftmax along axis 1.</remarks>
internal sealed class SoftmaxCrossEntropyLoss<T>(OperatorSettings settings) : ClassLoss<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        (Flops.Transcendental + 3L) * inputs[0].Length;

    protected override double LogProbability(ReadOnlySpan<T> scores, ChannelColumn column, int i, int truth) =>
        Precision.Widen(scores[column.At(i, truth)]) - LogSum(scores, column, i);

    protected override void PullBack(
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
        for (var c = 0; c < column.Channels; c++)
            sum += Exponential.Exp(Precision.Widen(scores[column.At(i, c)]) - max);
        return max + Logarithm.Log(sum);
    }
}
