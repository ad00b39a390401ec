using PcActors.Learning.Losses;
using PcActors.Tensors;

namespace PcActors.Tests.Learning;

/// <summary>The losses from their definitions, in double precision.</summary>
internal static class IndependentLoss
{
    /// <summary>L of predictions with any number of samples, summed over them.</summary>
    public static double Of(Loss loss, Tensor<double> prediction, Tensor<double> target) =>
        loss == Loss.CrossEntropy ? CrossEntropy(prediction, target) : SquaredError(prediction, target);

    private static double SquaredError(Tensor<double> prediction, Tensor<double> target)
    {
        var sum = 0.0;
        for (var i = 0; i < prediction.Length; i++) sum += Math.Pow(prediction.Span[i] - target.Span[i], 2) / 2;
        return sum;
    }

    private static double CrossEntropy(Tensor<double> prediction, Tensor<double> target)
    {
        var (sum, classes) = (0.0, prediction.Shape[1]);
        for (var sample = 0; sample < prediction.Shape[0]; sample++)
        {
            var logits = prediction.Span.Slice(sample * classes, classes).ToArray();
            var correct = logits[(int)target.Span[sample]];
            // -log softmax, each exponent relative to the right class's: no cancellation in the logarithm.
            sum += Math.Log(logits.Sum(l => Math.Exp(l - correct)));
        }
        return sum;
    }
}
