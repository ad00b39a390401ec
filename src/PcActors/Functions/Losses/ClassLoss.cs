using System.Globalization;
using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Functions;

/// <summary>A loss of scores for classes: for each sample and place, -w log p of the true class.</summary>
/// <remarks>
/// <para>Inputs: scores [N, C, ...]; classes [N, ...], whole numbers, to which nothing is pulled back; and, optional, a weight
/// for each class, [C] (1).</para>
/// <para>Attributes: reduction ("mean": the sum over the sum of the weights; "sum"; "none": mu is [N, ...]); ignore_index: a
/// class that counts for nothing. The mean of nothing is NaN.</para>
/// </remarks>
public abstract class ClassLoss<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _isReduced;
    private readonly bool _isMean;
    private readonly long? _ignored;

    private protected ClassLoss(Attributes attributes)
    {
        Attributes = attributes;
        var reduction = attributes.Text("reduction", "mean");
        if (reduction is not ("none" or "sum" or "mean"))
            throw new AttributeException($"the attribute 'reduction' is '{reduction}'; it is none, sum or mean");
        _isReduced = reduction != "none";
        _isMean = reduction == "mean";
        _ignored = attributes.Has("ignore_index") ? attributes.Integer("ignore_index", 0) : null;
    }

    /// <inheritdoc/>
    public sealed override Attributes Attributes { get; }

    /// <inheritdoc/>
    public sealed override int MinInputs => 2;

    /// <inheritdoc/>
    public sealed override int MaxInputs => 3;

    /// <inheritdoc/>
    public sealed override bool IsDifferentiable(int input) => input != 1;

    /// <inheritdoc/>
    public sealed override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var (scores, classes) = (inputs[0], inputs[1]);
        if (scores.Rank < 2) throw Misfit($"the scores' shape is {scores}; it must be [batch, classes, ...]");
        var wanted = new Shape([scores[0], .. scores.Dimensions[2..]]);
        if (!classes.Equals(wanted)) throw Misfit($"the classes' shape is {classes}; for scores {scores} it must be {wanted}");
        if (inputs.Length == 3 && !inputs[2].Equals(new Shape(scores[1])))
            throw Misfit($"the weights' shape is {inputs[2]}; for {scores[1]} classes it must be [{scores[1]}]");
        return _isReduced ? Shape.Scalar : wanted;
    }

    /// <inheritdoc/>
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

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => 2L * inputs[1].Length;

    /// <summary>log p of a class.</summary>
    private protected abstract double LogProbability(ReadOnlySpan<T> scores, ChannelColumn column, int i, int truth);

    /// <summary>Writes a factor times the derivatives of log p of a class by the scores of its column, which are 0 before.</summary>
    private protected abstract void PullBack(
        ReadOnlySpan<T> scores, ChannelColumn column, int i, int truth, double factor, Span<T> result);

    /// <summary>The true class, or -1 when it is the ignored one.</summary>
    private int Class(ReadOnlySpan<Tensor<T>> inputs, int i, int classes)
    {
        var label = inputs[1].Span[i];
        if (_ignored is { } ignored && label == T.CreateSaturating(ignored)) return -1;
        var truth = int.CreateSaturating(label);
        if (truth >= 0 && truth < classes && !T.IsNaN(label)) return truth;
        throw new IndexException(string.Create(
            CultureInfo.InvariantCulture, $"{OperatorType}: the class {label} of element {i} is outside [0, {classes - 1}]"));
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
