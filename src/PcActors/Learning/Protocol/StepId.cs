namespace PcActors.Learning.Protocol;

/// <summary>Names one attempt at one step. A later attempt is larger: messages of a smaller one are stale.</summary>
/// <param name="Run">The run's epoch: raised when a step is aborted and tried again.</param>
/// <param name="Step">The step, from 1.</param>
public readonly record struct StepId(int Run, long Step) : IComparable<StepId>
{
    /// <inheritdoc/>
    public int CompareTo(StepId other) => Run != other.Run ? Run.CompareTo(other.Run) : Step.CompareTo(other.Step);

    /// <summary>Whether <paramref name="left"/> comes before <paramref name="right"/>.</summary>
    public static bool operator <(StepId left, StepId right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> comes after <paramref name="right"/>.</summary>
    public static bool operator >(StepId left, StepId right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> does not come after <paramref name="right"/>.</summary>
    public static bool operator <=(StepId left, StepId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> does not come before <paramref name="right"/>.</summary>
    public static bool operator >=(StepId left, StepId right) => left.CompareTo(right) >= 0;
}
