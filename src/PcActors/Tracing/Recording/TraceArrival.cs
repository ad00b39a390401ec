namespace PcActors.Tracing.Recording;

/// <summary>A message in a traced mailbox, with its record. Used again and again.</summary>
internal sealed class TraceArrival
{
    private TraceRecord _record = new();

    /// <summary>The message; null once it has been taken.</summary>
    public object? Message { get; set; }

    /// <summary>Its record.</summary>
    public TraceRecord Record => _record;

    /// <summary>Bytes of memory that the record's payload holds.</summary>
    public long PayloadBytes => _record.Payload is null ? 0 : _record.Bytes;

    /// <summary>Makes it ready for another message.</summary>
    public void Reset()
    {
        Message = null;
        if (_record.Payload is not null || _record.Sender is not null) _record = new TraceRecord();
        _record.Taken = _record.TakenAt = _record.DoneAt = _record.Step = _record.Bytes = 0;
        _record.Attempt = 0;
        _record.MicroBatch = _record.Time = _record.Edge = _record.BatchSize = _record.Vertex = null;
        _record.Commit = null;
        _record.Loss = _record.Norm = null;
        _record.Shape = null;
        _record.Form = TraceForm.None;
    }
}
