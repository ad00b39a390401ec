using PcActors.Learning.Losses;
using PcActors.Tensors;

namespace PcActors.Tests.Learning;

/// <summary>The losses from their definitions, in double precision.</summary>
internal static class IndependentLoss
{
    /// <summary>L of predictions with any number of samples, summed over them.</summary>
    public static double Of(Loss loss, Tensor<double> prediction, Tensor<double> target) =>
        loss.TakesClasses ? CrossEntropy(prediction, target, loss == Loss.CrossEntropyOfAxis1)
            : SquaredError(prediction, target);

    private static double SquaredError(Tensor<double> prediction, Tensor<double> target)
    {
        var sum = 0.0;
        for (var i = 0; i < prediction.Length; i++) sum += Math.Pow(prediction.Span[i] - target.Span[i], 2) / 2;
        return sum;
    }

    // The mean over a sample's positions, [N, ..., C] or [N, C, ...].
    private static double CrossEntropy(Tensor<double> prediction, Tensor<double> target, bool isFirst)
    {
        var (sum, classes) = (0.0, prediction.Shape[isFirst ? 1 : ^1]);
        var positions = target.Length / target.Shape[0];
        for (var place = 0; place < target.Length; place++)
        {
            var logits = Enumerable.Range(0, classes).Select(c => prediction.Span[isFirst
                ? (((place / positions * classes) + c) * positions) + (place % positions)
                : (place * classes) + c]).ToArray();
            var correct = logits[(int)target.Span[place]];
            // -log softmax, each exponent relative to the right class's: no cancellation in the logarithm.
            sum += Math.Log(logits.Sum(l => Math.Exp(l - correct))) / positions;
        }
        return sum;
    }
}
