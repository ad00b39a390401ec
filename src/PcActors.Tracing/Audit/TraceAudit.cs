using PcActors.Learning.Protocol;
using PcActors.Tracing.Audit.Checks;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit;

/// <summary>Checks a trace for locality, from its header and its records alone: one pass, and
/// memory for the graph and the few steps that are open at a time.</summary>
/// <remarks>What each check claims is in its result; docs/locality.md says what that proves and what not.</remarks>
public sealed class TraceAudit
{
    private readonly AuditGraph _graph;
    private readonly Check[] _checks;
    private readonly AttemptBook _book;
    private long _messages;
    private long _values;
    private long _errors;
    private long _steps;
    private long _predictions;
    private long _abandoned;
    private bool _endsWithinStep;

    /// <summary>Begins an audit.</summary>
    /// <param name="header">The trace's header.</param>
    /// <exception cref="ArgumentException">The header describes no graph: ids or edges' ends are none.</exception>
    public TraceAudit(TraceHeader header)
    {
        _graph = new AuditGraph(header);
        var rule = AuditRule.Of(header, _graph);
        _checks =
        [
            new GraphCheck(_graph),
            new LevelCheck(_graph, rule),
            new SequenceCheck(_graph),
            new EdgeCheck(_graph),
            new SenderCheck(_graph),
            new TensorCheck(_graph, rule, header.DType),
            new ControlCheck(_graph, header.MicroBatches),
            new TimeCheck(_graph, rule, header.MicroBatches),
            new OnceCheck(_graph, rule),
            new BeginningCheck(_graph),
            new CausalityCheck(_graph, rule),
            new StepCheck(_graph, rule, header.Step),
            new ValueCheck(_graph, header.Rule.ForwardInitialisation),
            new TotalCheck(_graph, rule),
        ];
        _book = new AttemptBook(_graph, rule, header.MicroBatches, Close);
        foreach (var check in _checks) check.Begin();
    }

    /// <summary>Audits a whole trace.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="records">Its records, in the order of the file.</param>
    /// <exception cref="ArgumentException">The header describes no graph.</exception>
    public static AuditResult Run(TraceHeader header, IEnumerable<TraceRecord> records)
    {
        var audit = new TraceAudit(header);
        foreach (var record in records) audit.See(record);
        return audit.Finish();
    }

    /// <summary>Looks at the next record. It is not kept.</summary>
    public void See(TraceRecord record)
    {
        _messages++;
        var kind = AuditedMessage.KindOf(record);
        if (kind == MessageKind.Value) _values++;
        else if (kind == MessageKind.Error) _errors++;
        var edge = record.Edge is { } number ? _graph.PlaceOf(number) : -1;
        var status = kind is { IsOfAttempt: true }
            ? _book.Add(record, kind, record.StepId, edge)
            : MessageStatus.OfNoAttempt;
        var message = new AuditedMessage(record, kind, record.StepId, edge, status);
        foreach (var check in _checks) check.See(message);
    }

    /// <summary>Ends the audit: closes the steps that are open, and sums up.</summary>
    public AuditResult Finish()
    {
        _book.CloseAll();
        foreach (var check in _checks) check.End();
        return new AuditResult
        {
            Messages = _messages,
            Values = _values,
            Errors = _errors,
            Steps = _steps,
            Predictions = _predictions,
            AbandonedAttempts = _abandoned,
            EndsWithinStep = _endsWithinStep,
            Checks = [.. _checks.Select(c => c.Result)],
        };
    }

    private void Close(Attempt attempt)
    {
        if (attempt.IsAbandoned) _abandoned++;
        else if (attempt is { HasBegun: true, HasEnded: true, IsTraining: true }) _steps++;
        else if (attempt is { HasBegun: true, HasEnded: true, IsPrediction: true }) _predictions++;
        else if (attempt.IsLast) _endsWithinStep = true;
        foreach (var check in _checks) check.Close(attempt);
    }
}
