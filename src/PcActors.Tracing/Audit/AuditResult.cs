namespace PcActors.Tracing.Audit;

/// <summary>What the audit of a trace found.</summary>
public sealed record AuditResult
{
    /// <summary>Records in the trace.</summary>
    public required long Messages { get; init; }

    /// <summary>Values between vertices.</summary>
    public required long Values { get; init; }

    /// <summary>Errors between vertices.</summary>
    public required long Errors { get; init; }

    /// <summary>Training steps that ended.</summary>
    public required long Steps { get; init; }

    /// <summary>Predictions that ended.</summary>
    public required long Predictions { get; init; }

    /// <summary>Attempts that were abandoned and begun anew.</summary>
    public required long AbandonedAttempts { get; init; }

    /// <summary>Whether the trace ends within a step: what that one lacks is no violation.</summary>
    public required bool EndsWithinStep { get; init; }

    /// <summary>Every check, those that found nothing too.</summary>
    public required IReadOnlyList<CheckResult> Checks { get; init; }

    /// <summary>All violations together.</summary>
    public long Violations => Checks.Sum(c => c.Violations);

    /// <summary>The result of a check.</summary>
    /// <exception cref="ArgumentException">There is no check of that name.</exception>
    public CheckResult this[string check] => Checks.FirstOrDefault(c => c.Name == check)
        ?? throw new ArgumentException(
            $"there is no check '{check}'; there are {string.Join(", ", Checks.Select(c => c.Name))}", nameof(check));
}

/// <summary>What one check found.</summary>
/// <param name="Name">The check's name, as in the command line's output.</param>
/// <param name="Claim">What holds when there are no violations.</param>
/// <param name="Violations">How many there are.</param>
/// <param name="First">The first of them.</param>
public sealed record CheckResult(string Name, string Claim, long Violations, IReadOnlyList<Violation> First);

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
