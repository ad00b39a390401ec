using PcActors.Tracing;
using PcActors.Tracing.Audit;
using PcActors.Tracing.Format;
using PcNode.Experiments;
using PcNode.Output;

namespace PcNode.Reports;

/// <summary>What was recorded of a run and what its audit found, as a JSON line or as a summary.</summary>
/// <param name="experiment">What ran.</param>
/// <param name="path">The trace file; null when it is not kept.</param>
/// <param name="steps">Training steps made.</param>
/// <param name="weightsSha256">Hash of all parameters afterwards.</param>
/// <param name="totals">What was recorded.</param>
/// <param name="failure">Why the trace was abandoned, or cannot be read; null when neither.</param>
/// <param name="audit">What the audit found; null when there is no trace.</param>
/// <param name="nodes">How many nodes were at work at once; null when it ran in one process.</param>
internal sealed class TraceReport(
    Experiment experiment, string? path, long steps, string weightsSha256, TraceTotals totals, string? failure, AuditResult? audit,
    NodesAtWork? nodes = null)
{
    private string? _failure = failure;

    /// <summary>0, 1 when a message broke a rule or a step is missing, 3 when there is no trace, or a picture could not be written.</summary>
    public int ExitCode => _failure is not null ? PcNode.ExitCode.RunFailed
        : audit is { Violations: 0 } && audit.Steps == steps ? PcNode.ExitCode.Done
        : PcNode.ExitCode.CheckFailed;

    /// <summary>What came of the trace, in a line.</summary>
    public string Outcome => audit is null
        ? $"{path}, abandoned: {_failure}"
        : $"{path}, {totals.Messages:#,0} messages, {audit.Violations:#,0} violations{Missing}";

    /// <summary>Draws pictures of the trace. A failure to do so is no failure of the run: it becomes part of the report.</summary>
    public void Draw(TracePictures pictures, string trace)
    {
        if (audit is null) return;
        try
        {
            pictures.Write(trace);
        }
        catch (Exception e) when (e is UsageException or TraceException)
        {
            _failure = e.Message;
        }
    }

    /// <summary>Writes a JSON line. Of a trace that was abandoned nothing is known but that.</summary>
    public void WriteJson(Terminal terminal, TracePictures pictures) => JsonLines.Write(
        terminal.Output,
        ("event", "trace"),
        ("model", experiment.Model),
        ("rule", experiment.Rule),
        ("clock", ClockName),
        ("dtype", experiment.DType),
        ("steps", steps),
        ("messages", audit is null ? null : totals.Messages),
        ("values", audit is null ? null : totals.Values),
        ("errors", audit is null ? null : totals.Errors),
        ("control", audit is null ? null : totals.Control),
        ("bytes", audit is null ? null : totals.Bytes),
        ("violations", audit?.Violations),
        ("weightsSha256", weightsSha256),
        ("nodesAtWork", nodes?.Average),
        ("nodesAtWorkAtMost", nodes?.Most),
        ("file", path),
        ("html", pictures.Html),
        ("perfetto", pictures.Perfetto),
        ("endsWithinStep", audit?.EndsWithinStep),
        ("failure", _failure));

    /// <summary>Writes the first violations, and the rows of the summary.</summary>
    public void WriteSummary(Terminal terminal, TracePictures pictures)
    {
        foreach (var violation in audit?.Checks.SelectMany(c => c.First) ?? []) terminal.Print(violation.ToString());
        string? Count(long count) => audit is null ? null : $"{count:#,0}";
        Summary.Write(
            terminal,
            ("model", experiment.Model),
            ("rule", experiment.Rule),
            ("clock", ClockName),
            ("steps", $"{steps:#,0}"),
            ("messages recorded", Count(totals.Messages)),
            ("values", Count(totals.Values)),
            ("errors", Count(totals.Errors)),
            ("control", Count(totals.Control)),
            ("bytes", Count(totals.Bytes)),
            ("violations", Count(audit?.Violations ?? 0)),
            ("nodes at work", nodes is null ? null : $"{nodes.Average:0.0} of {nodes.Nodes} on average, {nodes.Most} at most, several in {100 * nodes.Several:0} % of the time"),
            ("weights SHA-256", weightsSha256),
            ("trace", audit is null ? $"{path}, abandoned: {_failure}" : path),
            ("missing", Missing.Length > 0 ? Missing.TrimStart(' ', ',') : null),
            ("page", audit is null ? null : pictures.Html),
            ("perfetto", audit is null ? null : pictures.Perfetto),
            ("failure", audit is null ? null : _failure));
    }

    private string Missing => audit is null || audit.Steps == steps
        ? ""
        : $", {audit.Steps:#,0} of {steps:#,0} steps";

    private string? ClockName => experiment.Clock?.ToString().ToLowerInvariant();
}
