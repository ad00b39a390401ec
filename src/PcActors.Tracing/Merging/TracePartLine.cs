using PcActors.Tracing.Format;
using PcActors.Tracing.Recording;

namespace PcActors.Tracing.Merging;

/// <summary>One node's records on their way into the trace, in the order of their taking: a node writes them as they are done with,
/// which is nearly that.</summary>
/// <param name="reader">The node's part.</param>
/// <param name="change">What becomes of an entry; null for nothing.</param>
internal sealed class TracePartLine(TracePartReader reader, Func<TraceRole, int, TraceRecord, TraceRecord?> change)
{
    // How far a record may be behind the one that should be first, and the bytes of payloads that wait for it.
    private const int Lookahead = 4_096;
    private const long MaxBytes = 1L << 26;

    private readonly PriorityQueue<TraceRecord, long> _waiting = new();
    private long _bytes;
    private bool _isAtEnd;

    /// <summary>When the node's clock began.</summary>
    public long StartedAt => reader.StartedAt;

    /// <summary>The next record and its place; null at the end.</summary>
    public (TraceRecord Record, long Number)? Next
    {
        get
        {
            Fill();
            return _waiting.TryPeek(out var record, out var number) ? (record, number) : null;
        }
    }

    /// <summary>Takes it, with times that count from the first node's beginning.</summary>
    public TraceRecord Take(long begin)
    {
        var record = _waiting.Dequeue();
        _bytes -= record.Payload is null ? 0 : record.Bytes;
        var shift = StartedAt - begin;
        record.ArrivedAt += shift;
        if (record.Taken > 0) (record.TakenAt, record.DoneAt) = (record.TakenAt + shift, record.DoneAt + shift);
        return record;
    }

    private void Fill()
    {
        while (!_isAtEnd && _waiting.Count < Lookahead && _bytes < MaxBytes)
        {
            if (reader.Read() is not var (role, origin, read))
            {
                _isAtEnd = true;
                return;
            }
            if (change(role, origin, read) is not { } record) continue;
            _waiting.Enqueue(record, record.Taken > 0 ? record.Taken : record.N);
            _bytes += record.Payload is null ? 0 : record.Bytes;
        }
    }
}
