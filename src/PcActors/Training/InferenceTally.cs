using System.Globalization;
using PcActors.Runs;

namespace PcActors.Training;

/// <summary>What the inferences of an epoch's training steps have come to so far.</summary>
/// <param name="Steps">Steps that inferred.</param>
/// <param name="FreeEnergySum">Sum of their free energies where inference ended, each the mean over its batch.</param>
/// <param name="TimestepSum">Sum of the timesteps that they took.</param>
/// <param name="Unconverged">Steps whose free energy did not fall by less than the tolerance; null without one.</param>
public sealed record InferenceTally(long Steps, double FreeEnergySum, long TimestepSum, long? Unconverged)
{
    private const string StepsKey = "training.inferences";
    private const string EnergyKey = "training.free-energy-sum";
    private const string TimestepsKey = "training.timestep-sum";
    private const string UnconvergedKey = "training.unconverged";

    /// <summary>No step yet.</summary>
    public static InferenceTally None { get; } = new(0, 0, 0, null);

    /// <summary>F where inference ended, mean over the steps; null where none inferred.</summary>
    public double? FreeEnergy => Steps == 0 ? null : FreeEnergySum / Steps;

    /// <summary>T, the timesteps of inference, mean over the steps; null where none inferred.</summary>
    public double? Timesteps => Steps == 0 ? null : (double)TimestepSum / Steps;

    /// <summary>Whether inference met the tolerance in every step; null without one.</summary>
    public bool? Converged => Unconverged is { } missed ? missed == 0 : null;

    /// <summary>With one more step.</summary>
    /// <param name="record">The course of its inference; null where it had none.</param>
    public InferenceTally With(InferenceRecord? record) => record is null ? this : new InferenceTally(
        Steps + 1, FreeEnergySum + record.FreeEnergy, TimestepSum + record.Timesteps,
        record.Converged is { } converged ? (Unconverged ?? 0) + (converged ? 0 : 1) : Unconverged);

    internal static InferenceTally Read(IReadOnlyDictionary<string, string> notes) => notes.ContainsKey(StepsKey)
        ? new InferenceTally(
            (long)TrainingState.Number(notes, StepsKey), TrainingState.Number(notes, EnergyKey),
            (long)TrainingState.Number(notes, TimestepsKey),
            notes.ContainsKey(UnconvergedKey) ? (long)TrainingState.Number(notes, UnconvergedKey) : null)
        : None;

    internal void Write(IDictionary<string, string> notes)
    {
        if (Steps == 0) return;
        notes[StepsKey] = Steps.ToString(CultureInfo.InvariantCulture);
        notes[EnergyKey] = FreeEnergySum.ToString("R", CultureInfo.InvariantCulture);
        notes[TimestepsKey] = TimestepSum.ToString(CultureInfo.InvariantCulture);
        if (Unconverged is { } missed) notes[UnconvergedKey] = missed.ToString(CultureInfo.InvariantCulture);
    }
}
