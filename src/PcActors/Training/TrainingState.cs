using System.Globalization;
using PcActors.Data;

namespace PcActors.Training;

/// <summary>Where a training run is between two steps, besides the network.</summary>
/// <param name="Step">Steps done, over all epochs.</param>
/// <param name="LossSum">Sum of the losses of the epoch at hand; of the last one, when none is at hand.</param>
/// <param name="TestAccuracy">That of the last epoch that ended; NaN before, and where a loss is measured.</param>
/// <param name="Elapsed">Time spent on training steps.</param>
/// <param name="Best">The best epoch so far, whose weights are kept; null when none are.</param>
public sealed record TrainingState(
    long Step, double LossSum, double TestAccuracy, TimeSpan Elapsed, BestEpoch? Best = null)
{
    private const string ValidatedKey = "training.is-validated";
    private const string LossSumKey = "training.loss-sum";
    private const string AccuracyKey = "training.test-accuracy";
    private const string TestLossKey = "training.test-loss";
    private const string BestTestLossKey = "training.best-test-loss";
    private const string StandardizationKey = "training.standardization";
    private const string ClassNamesKey = "training.class-names";
    private const string Nothing = "none";
    private const string SecondsKey = "training.seconds";
    private const string BestEpochKey = "training.best-epoch";
    private const string BestLossKey = "training.best-loss";
    private const string BestAccuracyKey = "training.best-test-accuracy";

    /// <summary>The loss on the test set after the last epoch that ended; NaN before, and where the accuracy is
    /// measured.</summary>
    public double TestLoss { get; init; } = double.NaN;

    /// <summary>Whether <see cref="TestAccuracy"/> and <see cref="TestLoss"/>, and those of the best epoch, are of a
    /// validation set: then the test set is measured at the end alone.</summary>
    public bool IsValidated { get; init; }

    /// <summary>What the last epoch that ended was measured at.</summary>
    public TestScore Score => new(TestAccuracy, TestLoss);

    /// <summary>What was done to the features; null for nothing, and in a checkpoint that does not say.</summary>
    public Standardization? Standardization { get; init; }

    /// <summary>Whether <see cref="Standardization"/> is what was done: a checkpoint of an earlier release, and a run
    /// that has not begun, do not say.</summary>
    internal bool SaysStandardization { get; init; }

    /// <summary>The classes' names, in their order; null where the data have numbers.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>What the inferences of the epoch at hand have come to.</summary>
    public InferenceTally Inference { get; init; } = InferenceTally.None;

    /// <summary>Before the first step.</summary>
    public static TrainingState Start { get; } = new(0, 0, double.NaN, TimeSpan.Zero);

    /// <summary>The state in a checkpoint's notes.</summary>
    /// <param name="step">The checkpoint's step.</param>
    /// <param name="notes">Its notes.</param>
    /// <exception cref="FormatException">It is not in them.</exception>
    public static TrainingState Read(long step, IReadOnlyDictionary<string, string> notes) =>
        new(step, Number(notes, LossSumKey), Number(notes, AccuracyKey),
            TimeSpan.FromSeconds(Number(notes, SecondsKey)),
            notes.ContainsKey(BestEpochKey)
                ? new BestEpoch((int)Number(notes, BestEpochKey), Number(notes, BestLossKey),
                    Number(notes, BestAccuracyKey))
                {
                    TestLoss = LossIn(notes, BestTestLossKey),
                }
                : null)
        {
            TestLoss = LossIn(notes, TestLossKey),
            IsValidated = notes.ContainsKey(ValidatedKey),
            Inference = InferenceTally.Read(notes),
            Standardization = notes.TryGetValue(StandardizationKey, out var json) && json != Nothing
                ? Standardization.Parse(json) : null,
            SaysStandardization = json is not null,
            ClassNames = notes.TryGetValue(ClassNamesKey, out var names) ? ClassLabels.ParseNames(names) : null,
        };

    /// <summary>Adds the state, but for the step, to a checkpoint's notes.</summary>
    public void Write(IDictionary<string, string> notes)
    {
        notes[LossSumKey] = LossSum.ToString("R", CultureInfo.InvariantCulture);
        notes[AccuracyKey] = TestAccuracy.ToString("R", CultureInfo.InvariantCulture);
        notes[SecondsKey] = Elapsed.TotalSeconds.ToString("R", CultureInfo.InvariantCulture);
        if (double.IsFinite(TestLoss))
            notes[TestLossKey] = TestLoss.ToString("R", CultureInfo.InvariantCulture);
        if (IsValidated) notes[ValidatedKey] = "true";
        Inference.Write(notes);
        if (SaysStandardization) notes[StandardizationKey] = Standardization?.ToJson() ?? Nothing;
        if (ClassNames is not null) notes[ClassNamesKey] = ClassLabels.NamesToJson(ClassNames);
        if (Best is null) return;
        notes[BestEpochKey] = Best.Epoch.ToString(CultureInfo.InvariantCulture);
        notes[BestLossKey] = Best.Loss.ToString("R", CultureInfo.InvariantCulture);
        notes[BestAccuracyKey] = Best.TestAccuracy.ToString("R", CultureInfo.InvariantCulture);
        if (double.IsFinite(Best.TestLoss))
            notes[BestTestLossKey] = Best.TestLoss.ToString("R", CultureInfo.InvariantCulture);
    }

    private static double LossIn(IReadOnlyDictionary<string, string> notes, string key) =>
        notes.ContainsKey(key) ? Number(notes, key) : double.NaN;

    internal static double Number(IReadOnlyDictionary<string, string> notes, string key) =>
        notes.TryGetValue(key, out var text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"the note '{key}' is missing or no number");
}

/// <summary>The epoch of a training whose score on the test set was the best, the first of them where there are
/// several.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Loss">Its mean loss.</param>
/// <param name="TestAccuracy">The accuracy at its end; NaN where a loss is measured.</param>
public sealed record BestEpoch(int Epoch, double Loss, double TestAccuracy)
{
    /// <summary>The loss on the test set at its end; NaN where the accuracy is measured.</summary>
    public double TestLoss { get; init; } = double.NaN;

    /// <summary>What it was measured at.</summary>
    public TestScore Score => new(TestAccuracy, TestLoss);
}
