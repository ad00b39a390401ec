using PcActors.Learning.Protocol;
using PcActors.Tracing.Audit;
using Xunit;

namespace PcActors.Testing;

/// <summary>Assertions about what was recorded of a run.</summary>
public static class TraceAssert
{
    private const int Shown = 10;

    /// <summary>Fails with the first violations, unless the run was local: the audit's checks all hold.</summary>
    /// <returns>What the audit counted.</returns>
    public static AuditResult NoViolations(RecordedRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var result = TraceAudit.Run(run.Header, run.Records);
        if (result.Violations > 0)
        {
            var first = result.Checks.SelectMany(c => c.First).Take(Shown).Select(v => $"\n  {v}");
            Assert.Fail($"the trace has {result.Violations} violations of locality:{string.Concat(first)}");
        }
        return result;
    }

    /// <summary>Fails unless a check of the audit finds something: for faults that have to be found.</summary>
    /// <param name="run">The run.</param>
    /// <param name="check">The check's name.</param>
    /// <returns>The first violations that it found.</returns>
    public static IReadOnlyList<Violation> IsViolated(RecordedRun run, string check)
    {
        ArgumentNullException.ThrowIfNull(run);
        var found = TraceAudit.Run(run.Header, run.Records)[check];
        if (found.Violations == 0) Assert.Fail($"the check '{check}' finds no violation: {found.Claim}");
        return found.First;
    }

    /// <summary>Fails unless every training step sent along each edge one value and, where it
    /// carries one, one error for each micro-batch: the cost of Z-IL under the wavefront clock, and
    /// of backpropagation.</summary>
    /// <remarks>A value that no data leads to counts once for all micro-batches. Attempts that were
    /// begun anew do not count, nor do predictions; a run without a training step fails.</remarks>
    public static void OneWave(RecordedRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var forecast = TraceForecast.Of(run.Header);
        var trained = run.Records.Where(r => r.Kind == MessageKind.ClampTarget.Name).Select(r => r.StepId)
            .GroupBy(s => s.Step).Select(attempts => attempts.Max()).ToHashSet();
        Assert.NotEmpty(trained);
        var sent = run.Records.Where(r => r.IsBetweenVertices).ToLookup(r => r.StepId);
        foreach (var step in trained)
        {
            Assert.Equal(forecast.ValuesPerStep, sent[step].LongCount(r => r.Kind == MessageKind.Value.Name));
            Assert.Equal(forecast.ErrorsPerStep, sent[step].LongCount(r => r.Kind == MessageKind.Error.Name));
        }
    }
}
