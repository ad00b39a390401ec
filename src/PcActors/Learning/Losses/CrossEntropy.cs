using System.Numerics;
using PcActors.Learning.Descriptions;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;

namespace PcActors.Learning.Losses;

/// <summary>Softmax cross-entropy of logits [N, C] with labels [N]. The error is
/// softmax(mu) - onehot.</summary>
/// <remarks>Labels are class indices, held as floating-point numbers.</remarks>
internal sealed class CrossEntropy(Values values) : Loss(values)
{
    public static Description<Loss> Description { get; } = new("cross-entropy",
        "softmax cross-entropy of logits with labels", _ => Loss.CrossEntropy);

    public override Shape TargetShape(Shape prediction) => prediction.Rank == 2
        ? new Shape(prediction[0])
        : throw new ShapeException(
            $"cross-entropy needs logits of shape [N, C], and the root's prediction has {prediction}");

    public override void Evaluate<T>(Tensor<T> prediction, Tensor<T> target, Span<double> losses, Tensor<T> error)
    {
        var classes = prediction.Shape[1];
        Span<T> log = stackalloc T[1];
        for (var sample = 0; sample < prediction.Shape[0]; sample++)
        {
            var logits = prediction.Span.Slice(sample * classes, classes);
            var eps = error.Writable.Slice(sample * classes, classes);
            var label = LabelAt(target, sample, classes);
            var max = Reductions.Max(logits);
            for (var c = 0; c < classes; c++) eps[c] = logits[c] - max;
            var correct = eps[label];
            Transcendental.Exp<T>(eps, eps);
            var sum = Reductions.Sum<T>(eps);
            log[0] = sum;
            Transcendental.Log<T>(log, log);
            losses[sample] = double.CreateTruncating(log[0] - correct);
            for (var c = 0; c < classes; c++) eps[c] = (eps[c] / sum) - (c == label ? T.One : T.Zero);
        }
    }

    private static int LabelAt<T>(Tensor<T> target, int sample, int classes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var label = target.Span[sample];
        if (!T.IsInteger(label) || label < T.Zero || label >= T.CreateChecked(classes))
            throw new ArgumentException(
                $"the label of sample {sample} is {label}; it must be a whole number from 0 to {classes - 1}");
        return int.CreateChecked(label);
    }
}
