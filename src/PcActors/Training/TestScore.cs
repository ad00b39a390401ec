namespace PcActors.Training;

/// <summary>What a network makes of a test set.</summary>
/// <param name="Accuracy">The share that it classifies rightly, 0 to 1; NaN where that is not measured.</param>
/// <param name="Loss">Where no class is predicted: the loss of the prediction, mean over samples, or where leaves are
/// free or latent vertices clamped the free energy where inference has ended. NaN where the accuracy is
/// measured.</param>
public readonly record struct TestScore(double Accuracy, double Loss)
{
    /// <summary>Not measured yet.</summary>
    public static TestScore None { get; } = new(double.NaN, double.NaN);

    /// <summary>Whether it is known.</summary>
    public bool IsKnown => double.IsFinite(Accuracy) || double.IsFinite(Loss);

    /// <summary>Whether it is better than another: more accurate, or with a smaller loss.</summary>
    public bool IsBetterThan(TestScore other) =>
        double.IsFinite(Accuracy)
            ? !(Accuracy <= other.Accuracy)
            : !double.IsNaN(Loss) && !(Loss >= other.Loss);
}

/// <summary>Which score is measured on a test set.</summary>
public enum TestMeasureKind
{
    /// <summary>The accuracy of the prediction: the largest element of the root's, against the label; where a sample
    /// has several positions, such as tokens, the share of them.</summary>
    Accuracy,

    /// <summary>The accuracy of what a vertex settles at that is fed labels in training.</summary>
    InferredAccuracy,

    /// <summary>The loss of the prediction.</summary>
    PredictionLoss,

    /// <summary>The free energy where inference with all clamps of training has ended.</summary>
    FreeEnergy,
}
