using System.Globalization;

namespace PcActors.Training;

/// <summary>Where a training run is between two steps, besides the network.</summary>
/// <param name="Step">Steps done, over all epochs.</param>
/// <param name="LossSum">Sum of the losses of the epoch at hand; of the last one, when none is at hand.</param>
/// <param name="TestAccuracy">That of the last epoch that ended; NaN before.</param>
/// <param name="Elapsed">Time spent on training steps.</param>
public sealed record TrainingState(long Step, double LossSum, double TestAccuracy, TimeSpan Elapsed)
{
    private const string LossSumKey = "training.loss-sum";
    private const string AccuracyKey = "training.test-accuracy";
    private const string SecondsKey = "training.seconds";

    /// <summary>Before the first step.</summary>
    public static TrainingState Start { get; } = new(0, 0, double.NaN, TimeSpan.Zero);

    /// <summary>The state in a checkpoint's notes.</summary>
    /// <param name="step">The checkpoint's step.</param>
    /// <param name="notes">Its notes.</param>
    /// <exception cref="FormatException">It is not in them.</exception>
    public static TrainingState Read(long step, IReadOnlyDictionary<string, string> notes) =>
        new(step, Number(notes, LossSumKey), Number(notes, AccuracyKey),
            TimeSpan.FromSeconds(Number(notes, SecondsKey)));

    /// <summary>Adds the state, but for the step, to a checkpoint's notes.</summary>
    public void Write(IDictionary<string, string> notes)
    {
        notes[LossSumKey] = LossSum.ToString("R", CultureInfo.InvariantCulture);
        notes[AccuracyKey] = TestAccuracy.ToString("R", CultureInfo.InvariantCulture);
        notes[SecondsKey] = Elapsed.TotalSeconds.ToString("R", CultureInfo.InvariantCulture);
    }

    private static double Number(IReadOnlyDictionary<string, string> notes, string key) =>
        notes.TryGetValue(key, out var text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"the note '{key}' is missing or no number");
}
