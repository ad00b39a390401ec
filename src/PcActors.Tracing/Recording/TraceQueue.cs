using PcActors.Tracing.Format;

namespace PcActors.Tracing.Recording;

/// <summary>Handled messages on their way to the file: bounded, so whoever is faster than the disk waits.
/// Nothing is dropped.</summary>
/// <param name="capacity">Records that may wait.</param>
/// <param name="maxPayloadBytes">Bytes of payloads that may wait.</param>
internal sealed class TraceQueue(int capacity, long maxPayloadBytes)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    private readonly object _gate = new();
    private readonly Stack<TraceArrival> _free = new(capacity);
    private TraceArrival[] _waiting = new TraceArrival[capacity];
    private TraceArrival[] _taken = new TraceArrival[capacity];
    private int _count;
    private int _takenCount;
    private long _payloadBytes;
    private bool _isClosed;

    /// <summary>Room for a message.</summary>
    public TraceArrival Rent()
    {
        lock (_gate)
        {
            if (_free.TryPop(out var free)) return free;
        }
        return new TraceArrival();
    }

    /// <summary>Adds a handled message; waits while there is no room.</summary>
    /// <returns>Whether it had to wait.</returns>
    public bool Add(TraceArrival arrival)
    {
        var hasWaited = false;
        lock (_gate)
        {
            while (!_isClosed && (_count == capacity || (_count > 0 && _payloadBytes > maxPayloadBytes)))
            {
                // The writer is awake: there is something to write. Who waits must not wake the others who do.
                hasWaited = true;
                Monitor.Wait(_gate);
            }
            if (_isClosed) return hasWaited;
            _waiting[_count++] = arrival;
            _payloadBytes += arrival.PayloadBytes;
            if (_count == capacity / 4) Monitor.PulseAll(_gate);
        }
        return hasWaited;
    }

    /// <summary>Takes all that wait, and makes those of the call before ready for use again.
    /// Only one thread may.</summary>
    /// <returns>What has been taken, valid until the next call; empty when the queue is closed
    /// and nothing is left.</returns>
    public ReadOnlySpan<TraceArrival> TakeAll()
    {
        foreach (var arrival in _taken.AsSpan(0, _takenCount)) arrival.Reset();
        lock (_gate)
        {
            foreach (var arrival in _taken.AsSpan(0, _takenCount)) _free.Push(arrival);
            // Not woken for each record: a few milliseconds late is soon enough.
            while (_count == 0 && !_isClosed) Monitor.Wait(_gate, Interval);
            (_waiting, _taken) = (_taken, _waiting);
            _takenCount = _count;
            _count = 0;
            _payloadBytes = 0;
            Monitor.PulseAll(_gate);
            return _taken.AsSpan(0, _takenCount);
        }
    }

    /// <summary>Lets nothing in any more; who waits goes on.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
        }
    }
}

/// <summary>A message in a traced mailbox, with its record. Used again and again.</summary>
internal sealed class TraceArrival
{
    private TraceRecord _record = new();

    /// <summary>The message; null once it has been taken.</summary>
    public object? Message { get; set; }

    /// <summary>What it is to the node that records it.</summary>
    public TraceRole Role { get; set; }

    /// <summary>The node whose counter the record's first number is from, where the message comes from
    /// another one; else -1.</summary>
    public int Origin { get; set; } = -1;

    /// <summary>Its record.</summary>
    public TraceRecord Record => _record;

    /// <summary>Bytes of memory that the record's payload holds.</summary>
    public long PayloadBytes => _record.Payload is null ? 0 : _record.Bytes;

    /// <summary>Makes it ready for another message.</summary>
    public void Reset()
    {
        Message = null;
        Role = TraceRole.Message;
        Origin = -1;
        if (_record.Payload is not null || _record.Sender is not null) _record = new TraceRecord();
        _record.Taken = _record.TakenAt = _record.DoneAt = _record.Step = _record.Bytes = 0;
        _record.Prediction = 0;
        _record.Infers = _record.IsMasked = false;
        _record.Purpose = null;
        _record.Energy = null;
        _record.Mask = null;
        _record.Attempt = 0;
        _record.MicroBatch = _record.Time = _record.Edge = _record.BatchSize = _record.Vertex = null;
        _record.Commit = null;
        _record.Loss = _record.Norm = null;
        _record.Shape = null;
        _record.Form = TraceForm.None;
    }
}

/// <summary>What an entry is to the node that records it.</summary>
internal enum TraceRole
{
    /// <summary>A message that has come to an actor of this node.</summary>
    Message,

    /// <summary>A message that has left for another node, where it has an entry too.</summary>
    Departure,

    /// <summary>No message of the record: what is numbered higher than the first number here came after the
    /// second number there.</summary>
    Order,
}

/// <summary>In the mailbox of one who stands for an actor of another node: a message, and the number
/// under which it leaves.</summary>
internal sealed record Departure(object Message, long Number);

/// <summary>To an actor of a traced run: a message from another node, and the number under
/// which it left there.</summary>
/// <param name="Message">The message.</param>
/// <param name="Node">The node, by its place in the run.</param>
/// <param name="Number">The number.</param>
internal sealed record RemoteArrival(object Message, int Node, long Number);
