using PcActors.Tracing.Audit;
using PcActors.Tracing.Audit.Recomputing;
using PcActors.Tracing.Format;
using PcNode.Output;

namespace PcNode.Reports;

/// <summary>What an audit found, as JSON lines or as a table.</summary>
/// <param name="file">The trace file.</param>
/// <param name="header">Its header.</param>
/// <param name="result">What the checks found.</param>
/// <param name="recomputed">What the recomputation found; null when there was none.</param>
internal sealed class AuditReport(string file, TraceHeader header, AuditResult result, RecomputeResult? recomputed)
{
    private readonly IReadOnlyList<CheckResult> _checks = recomputed is null
        ? result.Checks
        : [.. result.Checks, recomputed.Check];

    /// <summary>All violations together.</summary>
    public long Violations => _checks.Sum(c => c.Violations);

    /// <summary>Writes a table of the checks, the first violations, and what there was; for a
    /// program without the table.</summary>
    public void Write(Terminal terminal, bool json)
    {
        if (!json)
        {
            var table = new FittingTable(new("check", IsText: true), new("violations"),
                new("claim", IsText: true))
            { Required = 2 };
            foreach (var check in _checks) table.AddRow(check.Name, $"{check.Violations:#,0}", check.Claim);
            table.Write(terminal);
        }
        foreach (var violation in _checks.SelectMany(c => c.First))
        {
            if (!json) terminal.Print(violation.ToString());
            else JsonLines.Write(
                terminal.Output, ("event", "violation"), ("check", violation.Check), ("step", violation.Step),
                ("attempt", violation.Attempt),
                ("edge", violation.Edge), ("n", violation.Number), ("what", violation.What));
        }
        Facts.Write(
            terminal, json, "audit",
            new("file", "file", file),
            new Fact("run", header.Run),
            new("model", "model", header.Model),
            new("messages", "messages", result.Messages,
                $"{result.Messages:#,0}: {result.Values:#,0} values, {result.Errors:#,0} errors"),
            new Fact("values", result.Values),
            new Fact("errors", result.Errors),
            new("steps", "steps", result.Steps, $"{result.Steps:#,0}, and {result.Predictions:#,0} predictions"),
            new Fact("predictions", result.Predictions),
            new("abandonedAttempts", "abandoned attempts", result.AbandonedAttempts,
                result.AbandonedAttempts == 0 ? null : $"{result.AbandonedAttempts:#,0}"),
            new("endsWithinStep", "at its end", result.EndsWithinStep,
                result.EndsWithinStep ? "a step that was not ended: what it lacks is no violation" : null),
            new("recomputedVertices", "recomputed", recomputed?.Vertices,
                recomputed is null
                    ? null
                    : $"{recomputed.Messages:#,0} messages of {recomputed.Vertices:#,0} vertices"),
            new Fact("recomputedMessages", recomputed?.Messages),
            new("violations", "violations", Violations),
            new Fact("checks", _checks.Select(c => (c.Name, (object?)c.Violations)).ToList()));
    }
}
