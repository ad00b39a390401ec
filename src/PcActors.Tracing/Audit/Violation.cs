namespace PcActors.Tracing.Audit;

/// <summary>One thing in a trace that locality forbids.</summary>
/// <param name="Check">Name of the check that found it.</param>
/// <param name="What">What is wrong, with the vertices' names.</param>
/// <param name="Step">The step; 0 when it belongs to none.</param>
/// <param name="Attempt">The attempt at the step; 0 when it belongs to none.</param>
/// <param name="Edge">Number of the edge; null when it is not about one.</param>
/// <param name="Number">Sequence number of the message's arrival; null when it is not about one message.</param>
public sealed record Violation(string Check, string What, long Step, int Attempt, int? Edge, long? Number)
{
    /// <inheritdoc/>
    public override string ToString() => Step == 0
        ? FormattableString.Invariant($"{Check}: {What}")
        : FormattableString.Invariant($"{Check}: step {Step}, attempt {Attempt}: {What}");
}
