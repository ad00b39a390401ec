using System.Buffers;
using System.Numerics;
using PcActors.Learning.Descriptions;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;

namespace PcActors.Learning.Losses;

/// <summary>Softmax cross-entropy of logits with labels: of [N, C] with [N]; where a sample has several positions, such
/// as tokens, of [N, ..., C] or [N, C, ...] with [N, ...], and a sample's loss is the mean over its positions. The
/// error is softmax(mu) - onehot, divided by their number.</summary>
/// <remarks>Labels are class indices, held as floating-point numbers.</remarks>
/// <param name="values">Its values.</param>
/// <param name="isLast">Whether the classes are on the last axis; otherwise on axis 1.</param>
internal sealed class CrossEntropy(Values values, bool isLast) : Loss(values)
{
    public static Description<Loss> Description { get; } = new("cross-entropy",
        "softmax cross-entropy of logits with labels, classes on the last axis", _ => Loss.CrossEntropy);

    public static Description<Loss> OfAxis1 { get; } = new("cross-entropy-axis-1",
        "softmax cross-entropy of logits with labels, classes on axis 1", _ => CrossEntropyOfAxis1);

    public override Shape TargetShape(Shape prediction)
    {
        if (prediction.Rank < 2)
            throw new ShapeException(
                $"{Name} needs logits of shape {(isLast ? "[N, C] or [N, ..., C]" : "[N, C] or [N, C, ...]")}, and the "
                + $"root's prediction has {prediction}");
        var axis = ClassAxis(prediction);
        return new Shape([.. prediction.Dimensions[..axis], .. prediction.Dimensions[(axis + 1)..]]);
    }

    public override void Evaluate<T>(Tensor<T> prediction, Tensor<T> target, Span<double> losses, Tensor<T> error)
    {
        var axis = ClassAxis(prediction.Shape);
        var (classes, positions) = (prediction.Shape[axis], target.Length / losses.Length);
        // Neighbouring classes of a position are as far apart as there are positions behind the classes' axis.
        var stride = isLast ? 1 : positions;
        var length = classes * positions;
        var buffer = stride == 1 ? null : ArrayPool<T>.Shared.Rent(2 * classes);
        for (var sample = 0; sample < losses.Length; sample++)
        {
            losses[sample] = 0;
            for (var position = 0; position < positions; position++)
            {
                var start = (sample * length) + (stride == 1 ? position * classes : position);
                var label = LabelAt(target, (sample * positions) + position, positions, classes);
                if (buffer is null)
                {
                    losses[sample] += One(prediction.Span.Slice(start, classes), label, positions,
                        error.Writable.Slice(start, classes));
                    continue;
                }
                var logits = buffer.AsSpan(0, classes);
                var eps = buffer.AsSpan(classes, classes);
                for (var c = 0; c < classes; c++) logits[c] = prediction.Span[start + (c * stride)];
                losses[sample] += One(logits, label, positions, eps);
                for (var c = 0; c < classes; c++) error.Writable[start + (c * stride)] = eps[c];
            }
            losses[sample] /= positions;
        }
        if (buffer is not null) ArrayPool<T>.Shared.Return(buffer);
    }

    internal override string Advice(Shape prediction, Shape target)
    {
        var other = isLast ? CrossEntropyOfAxis1 : CrossEntropy;
        return prediction.Rank > 2 && target.Rank > 0
            && other.TargetShape(prediction).Dimensions[1..].SequenceEqual(target.Dimensions[1..])
            ? $"; where classes are on {(isLast ? "axis 1" : "the last axis")}, the loss is {other.Name}" : "";
    }

    internal override int ClassAxis(Shape prediction) => isLast ? prediction.Rank - 1 : 1;

    /// <summary>The loss of one position, and its share in the sample's error.</summary>
    private static double One<T>(ReadOnlySpan<T> logits, int label, int positions, Span<T> eps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> log = stackalloc T[1];
        var max = Reductions.Max(logits);
        for (var c = 0; c < eps.Length; c++) eps[c] = logits[c] - max;
        var correct = eps[label];
        Transcendental.Exp<T>(eps, eps);
        var sum = Reductions.Sum<T>(eps);
        log[0] = sum;
        Transcendental.Log<T>(log, log);
        for (var c = 0; c < eps.Length; c++) eps[c] = (eps[c] / sum) - (c == label ? T.One : T.Zero);
        if (positions > 1)
        {
            var share = T.CreateChecked(positions);
            for (var c = 0; c < eps.Length; c++) eps[c] /= share;
        }
        return double.CreateTruncating(log[0] - correct);
    }

    private static int LabelAt<T>(Tensor<T> target, int place, int positions, int classes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var label = target.Span[place];
        if (!T.IsInteger(label) || label < T.Zero || label >= T.CreateChecked(classes))
            throw new ArgumentException(
                $"the label of sample {place / positions}"
                + (positions > 1 ? $", position {place % positions}," : "")
                + $" is {label}; it must be a whole number from 0 to {classes - 1}");
        return int.CreateChecked(label);
    }
}
