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
    private readonly IReadOnlyList<CheckResult> _checks = recomputed is null ? result.Checks : [.. result.Checks, recomputed.Check];

    /// <summary>All violations together.</summary>
    public long Violations => _checks.Sum(c => c.Violations);

    /// <summary>Writes a line for each of the first violations, and then one for the audit.</summary>
    public void WriteJson(Terminal terminal)
    {
        foreach (var violation in _checks.SelectMany(c => c.First))
        {
            JsonLines.Write(
                terminal.Output,
                ("event", "violation"),
                ("check", violation.Check),
                ("step", violation.Step),
                ("attempt", violation.Attempt),
                ("edge", violation.Edge),
                ("n", violation.Number),
                ("what", violation.What));
        }
        JsonLines.Write(
            terminal.Output,
            ("event", "audit"),
            ("file", file),
            ("run", header.Run),
            ("model", header.Model),
            ("messages", result.Messages),
            ("values", result.Values),
            ("errors", result.Errors),
            ("steps", result.Steps),
            ("predictions", result.Predictions),
            ("abandonedAttempts", result.AbandonedAttempts),
            ("endsWithinStep", result.EndsWithinStep),
            ("recomputedVertices", recomputed?.Vertices),
            ("recomputedMessages", recomputed?.Messages),
            ("violations", Violations),
            ("checks", _checks.Select(c => (c.Name, (object?)c.Violations)).ToList()));
    }

    /// <summary>Writes a table of the checks, the first violations and a summary.</summary>
    public void WriteTables(Terminal terminal)
    {
        var table = new FittingTable(new Column("check", IsText: true), new Column("violations"), new Column("claim", IsText: true)) { Required = 2 };
        foreach (var check in _checks) table.AddRow(check.Name, $"{check.Violations:#,0}", check.Claim);
        table.Write(terminal);
        foreach (var violation in _checks.SelectMany(c => c.First)) terminal.Print(violation.ToString());
        Summary.Write(
            terminal,
            ("file", file),
            ("model", header.Model),
            ("messages", $"{result.Messages:#,0}: {result.Values:#,0} values, {result.Errors:#,0} errors"),
            ("steps", $"{result.Steps:#,0}, and {result.Predictions:#,0} predictions"),
            ("abandoned attempts", result.AbandonedAttempts == 0 ? null : $"{result.AbandonedAttempts:#,0}"),
            ("at its end", result.EndsWithinStep ? "a step that was not ended: what it lacks is no violation" : null),
            ("recomputed", recomputed is null ? null : $"{recomputed.Messages:#,0} messages of {recomputed.Vertices:#,0} vertices"),
            ("violations", $"{Violations:#,0}"));
    }
}
