using PcActors.Learning.Protocol;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit;

/// <summary>The accounts of the attempts that records may still come for.</summary>
/// <remarks>A vertex takes part in every step, and its records come in the order of its work: when it works at the next
/// step but one, those of this step are there. So a few accounts are open at a time, however
/// long the trace. Attempts that nobody has begun, and be they many, close none of the others.</remarks>
internal sealed class AttemptBook(AuditGraph graph, AuditRule rule, int microBatches, Action<Attempt> close)
{
    /// <summary>Attempts that were begun and are open.</summary>
    private const int MaxBegun = 4;

    /// <summary>Attempts that nobody seems to have begun and that are open all the same.</summary>
    private const int MaxUnbegun = 8;

    private readonly SortedDictionary<StepId, Attempt> _open = [];
    private readonly HashSet<StepId> _abandoned = [];
    private Attempt? _latest;
    private StepId _closed;

    /// <summary>Adds a record to its attempt's account.</summary>
    public MessageStatus Add(TraceRecord record, MessageKind kind, StepId step, int edge)
    {
        var attempt = _latest?.Step == step ? _latest : Find(step);
        if (attempt is null) return _abandoned.Contains(step) ? MessageStatus.Stale : MessageStatus.OutOfTurn;
        _latest = attempt;
        var hadBegun = attempt.HasBegun;
        var status = attempt.Add(record, kind, edge);
        if (attempt.HasBegun && !hadBegun) CloseOldest();
        return status;
    }

    /// <summary>Closes all accounts, in order.</summary>
    public void CloseAll()
    {
        var last = _open.Values.LastOrDefault(a => a.HasBegun);
        foreach (var attempt in _open.Values.ToList()) Close(attempt, attempt == last);
    }

    private Attempt? Find(StepId step)
    {
        if (_open.TryGetValue(step, out var attempt)) return attempt;
        if (step <= _closed || step.Step < 0 || step is { Step: 0, IsPrediction: false }
            || _open.Values.Count(a => !a.HasBegun) >= MaxUnbegun) return null;
        attempt = new Attempt(step, graph, rule, microBatches);
        _open.Add(step, attempt);
        return attempt;
    }

    private void CloseOldest()
    {
        while (_open.Values.Count(a => a.HasBegun) > MaxBegun)
            Close(_open.Values.First(a => a.HasBegun), isLast: false);
    }

    private void Close(Attempt attempt, bool isLast)
    {
        _open.Remove(attempt.Step);
        if (_latest == attempt) _latest = null;
        attempt.IsLast = isLast;
        attempt.IsAbandoned = _open.Values.Any(
            a => a.HasBegun && a.Step > attempt.Step && a.Step == attempt.Step with { Run = a.Step.Run });
        if (attempt.IsAbandoned) _abandoned.Add(attempt.Step);
        if (attempt.HasBegun) _closed = attempt.Step > _closed ? attempt.Step : _closed;
        attempt.SumUp();
        close(attempt);
    }
}
