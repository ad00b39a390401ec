namespace PcActors.Tracing.Audit;

/// <summary>What one check found.</summary>
/// <param name="Name">The check's name, as in the command line's output.</param>
/// <param name="Claim">What holds when there are no violations.</param>
/// <param name="Violations">How many there are.</param>
/// <param name="First">The first of them.</param>
public sealed record CheckResult(string Name, string Claim, long Violations, IReadOnlyList<Violation> First);
