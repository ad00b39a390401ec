using PcActors.Tracing.Format;
using PcActors.Tracing.Recording;

namespace PcActors.Tracing.Merging;

/// <summary>Makes one trace of what the nodes of a run have recorded, each for itself.</summary>
/// <remarks>Reads the parts twice: to find an order of all events, and to write the records in it.</remarks>
/// <param name="header">The run's.</param>
/// <param name="names">The nodes, by their places in the run.</param>
/// <param name="parts">Their parts, each a stream that can be read again.</param>
internal sealed class TraceMerge(TraceHeader header, IReadOnlyList<string> names, IReadOnlyList<Stream> parts)
{
    private readonly TraceOrder _order = new(names);
    private readonly TraceCrossings _crossings = new(names);

    /// <summary>Writes the trace.</summary>
    /// <returns>What it holds.</returns>
    /// <exception cref="TraceException">The parts are damaged, or do not fit together.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public TraceTotals WriteTo(Stream output)
    {
        using var writer = new TraceWriter(output, header);
        for (var node = 0; node < names.Count; node++) ReadDepartures(node);
        for (var node = 0; node < names.Count; node++) ReadEvents(node);
        _order.Solve();
        Write(writer);
        writer.End();
        return writer.Totals;
    }

    private TracePartReader Open(int node)
    {
        parts[node].Position = 0;
        return new TracePartReader(parts[node], names[node], header);
    }

    private void ReadDepartures(int node)
    {
        var reader = Open(node);
        while (reader.Read() is { } entry)
        {
            if (entry.Role == TraceRole.Departure) _crossings.Leave(node, entry.Record);
        }
    }

    private void ReadEvents(int node)
    {
        var reader = Open(node);
        while (reader.Read() is var (role, origin, record))
        {
            switch (role)
            {
                case TraceRole.Order:
                    _order.AddOrder(node, record.N, origin, record.Taken);
                    break;
                case TraceRole.Departure:
                    _order.Add(node, record.N);
                    break;
                case TraceRole.Message when origin < 0:
                    _order.Add(node, record.N);
                    if (record.Taken > 0) _order.Add(node, record.Taken);
                    break;
                default:
                    _crossings.Arrive(node, origin, record);
                    if (record.Taken > 0) _order.Add(node, record.Taken, origin, record.N);
                    break;
            }
        }
    }

    private void Write(TraceWriter writer)
    {
        List<TracePartLine> lines = [
            .. Enumerable.Range(0, names.Count).Select(node => new TracePartLine(Open(node), Renumbered(node)))];
        var begin = lines.Min(l => l.StartedAt);
        while (lines.Where(l => l.Next is not null).MinBy(l => l.Next!.Value.Number) is { } first)
            writer.Write(first.Take(begin));
    }

    /// <summary>What becomes of an entry in the trace: null for nothing.</summary>
    private Func<TraceRole, int, TraceRecord, TraceRecord?> Renumbered(int node) => (role, origin, record) =>
    {
        if (role == TraceRole.Order || (role == TraceRole.Departure && _crossings.HasCome(node, record.N))) return null;
        if (origin >= 0) _crossings.SetSender(origin, record);
        record.N = _order.Of(origin >= 0 ? origin : node, record.N);
        record.Taken = _order.Of(node, record.Taken);
        return record;
    };
}

/// <summary>One node's records on their way into the trace, in the order of their taking: a node
/// writes them as they are done with, which is nearly that.</summary>
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
