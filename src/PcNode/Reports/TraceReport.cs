using PcActors.Tracing;
using PcActors.Tracing.Audit;
using PcActors.Tracing.Format;
using PcNode.Experiments;
using PcNode.Output;

namespace PcNode.Reports;

/// <summary>What was recorded of a run and what its audit found, as a JSON line or as a summary.</summary>
/// <param name="experiment">What ran.</param>
/// <param name="path">The trace file.</param>
/// <param name="steps">Training steps made.</param>
/// <param name="weightsSha256">Hash of all parameters afterwards.</param>
/// <param name="totals">What was recorded.</param>
/// <param name="failure">Why the trace was abandoned, or cannot be read; null when neither.</param>
/// <param name="audit">What the audit found; null when there is no trace.</param>
/// <param name="nodes">How many nodes were at work at once; null when it ran in one process.</param>
/// <param name="isKept">Whether the trace file stays.</param>
internal sealed class TraceReport(
    Experiment experiment, string path, long steps, string weightsSha256, TraceTotals totals, string? failure,
    AuditResult? audit,
    NodesAtWork? nodes = null, bool isKept = true)
{
    private TracePictures _pictures = new(null, null);
    private string? _failure = failure;

    /// <summary>0, 1 when a message broke a rule or a step is missing, else 3 when there is no
    /// trace, or a picture could not be written.</summary>
    public int ExitCode =>
        audit is not null && (audit.Violations > 0 || audit.Steps != steps) ? PcNode.ExitCode.CheckFailed
        : _failure is not null ? PcNode.ExitCode.RunFailed
        : PcNode.ExitCode.Done;

    /// <summary>What came of the trace, in a line.</summary>
    public string Outcome => audit is null
        ? $"{path}, abandoned: {_failure}"
        : $"{path}, {totals.Messages:#,0} messages, {audit.Violations:#,0} violations{Missing}";

    /// <summary>Draws pictures of the trace. A failure to do so is no failure of the run: it becomes
    /// part of the report.</summary>
    public void Draw(TracePictures pictures)
    {
        if (audit is null) return;
        (_pictures, var failure) = pictures.Draw(path);
        _failure ??= failure;
    }

    /// <summary>Writes it; for people below the first violations. Of a trace that was abandoned
    /// nothing is known but that.</summary>
    public void Write(Terminal terminal, bool json)
    {
        if (!json)
        {
            foreach (var violation in audit?.Checks.SelectMany(c => c.First) ?? [])
                terminal.Print(violation.ToString());
        }
        long? Of(long count) => audit is null ? null : count;
        Facts.Write(
            terminal, json, "trace",
            new("model", "model", experiment.Model),
            new("rule", "rule", experiment.Rule),
            new("clock", "clock", experiment.ClockName),
            new Fact("dtype", experiment.DType),
            new("steps", "steps", steps),
            new("messages", "messages recorded", Of(totals.Messages)),
            new("values", "values", Of(totals.Values)),
            new("errors", "errors", Of(totals.Errors)),
            new("control", "control", Of(totals.Control)),
            new("bytes", "bytes", Of(totals.Bytes)),
            new("violations", "violations", audit?.Violations),
            new(null, "nodes at work", null, nodes is null ? null
                : $"{nodes.Average:0.0} of {nodes.Nodes} on average, {nodes.Most} at most, several in "
                    + $"{100 * nodes.Several:0} % of the time"),
            new("weightsSha256", "weights SHA-256", weightsSha256),
            new Fact("nodesAtWork", nodes?.Average),
            new Fact("nodesAtWorkAtMost", nodes?.Most),
            new("file", "trace", isKept ? path : null, audit is null ? Outcome : isKept ? path : null),
            new(null, "missing", null, Missing.Length > 0 ? Missing.TrimStart(' ', ',') : null),
            new("html", "page", _pictures.Html),
            new("perfetto", "perfetto", _pictures.Perfetto),
            new Fact("endsWithinStep", audit?.EndsWithinStep),
            new("failure", "failure", _failure, audit is null ? null : _failure));
    }

    private string Missing => audit is null || audit.Steps == steps
        ? ""
        : $", {audit.Steps:#,0} of {steps:#,0} steps";
}
