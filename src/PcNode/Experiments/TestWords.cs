using PcActors.Training;

namespace PcNode.Experiments;

/// <summary>What is measured on a test set, for a person.</summary>
internal static class TestWords
{
    /// <summary>The measure.</summary>
    public static string Of(TestMeasureKind measure, Experiment experiment) => measure switch
    {
        TestMeasureKind.InferredAccuracy => $"accuracy of what '{experiment.Feeding.Feed.Classify}' settles at",
        TestMeasureKind.PredictionLoss => "loss of the prediction",
        TestMeasureKind.FreeEnergy => "free energy at the end of inference",
        _ => "accuracy of the prediction",
    };

    /// <summary>What a score is called.</summary>
    /// <param name="score">The score.</param>
    /// <param name="isValidated">Whether it is of a validation set.</param>
    public static string NameOf(TestScore score, bool isValidated = false) =>
        $"{(isValidated ? "validation" : "test")} {(double.IsFinite(score.Loss) ? "loss" : "accuracy")}";

    /// <summary>A score.</summary>
    public static string Of(TestScore score) =>
        double.IsFinite(score.Loss) ? $"{score.Loss:0.0000}" : $"{100 * score.Accuracy:0.00} %";
}
