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
        ?? throw new ArgumentException($"there is no check '{check}'; there are {string.Join(", ", Checks.Select(c => c.Name))}", nameof(check));
}
