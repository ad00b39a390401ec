using System.Globalization;
using System.Runtime.InteropServices;

namespace PcActors.Learning.Protocol;

/// <summary>Names one attempt at one step. A later attempt is larger: messages of a smaller one are stale.</summary>
/// <remarks>A prediction is no step: it has the number of the training step before it, and one of
/// its own behind that.</remarks>
/// <param name="Run">Raised when a step is aborted and tried again.</param>
/// <param name="Step">The training step, from 1; of a prediction, the last one before it, or 0.</param>
/// <param name="Prediction">0 for a training step; the number of a prediction since that step, from 1.</param>
/// <param name="Infers">Of a prediction: whether it infers, with vertices clamped by hand.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct StepId(int Run, long Step, int Prediction = 0, bool Infers = false) : IComparable<StepId>
{
    /// <summary>Whether nothing is learnt.</summary>
    public bool IsPrediction => Prediction > 0;

    /// <summary>What it is an attempt at, for a person.</summary>
    internal string Name => IsPrediction
        ? string.Create(CultureInfo.InvariantCulture, $"prediction {Prediction} after step {Step}")
        : string.Create(CultureInfo.InvariantCulture, $"step {Step}");

    /// <inheritdoc/>
    public int CompareTo(StepId other) => Run != other.Run ? Run.CompareTo(other.Run)
        : Step != other.Step ? Step.CompareTo(other.Step)
        : Prediction.CompareTo(other.Prediction);

    /// <summary>Whether <paramref name="left"/> comes before <paramref name="right"/>.</summary>
    public static bool operator <(StepId left, StepId right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> comes after <paramref name="right"/>.</summary>
    public static bool operator >(StepId left, StepId right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> does not come after <paramref name="right"/>.</summary>
    public static bool operator <=(StepId left, StepId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> does not come before <paramref name="right"/>.</summary>
    public static bool operator >=(StepId left, StepId right) => left.CompareTo(right) >= 0;
}
