namespace PcActors.Tracing.Recording;

/// <summary>Handled messages on their way to the file: bounded, so whoever is faster than the disk waits. Nothing is dropped.</summary>
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

    /// <summary>Takes all that wait, and makes those of the call before ready for use again. Only one thread may.</summary>
    /// <returns>What has been taken, valid until the next call; empty when the queue is closed and nothing is left.</returns>
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
