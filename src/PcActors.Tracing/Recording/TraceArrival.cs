using PcActors.Tracing.Format;

namespace PcActors.Tracing.Recording;

/// <summary>A message in a traced mailbox, with its record. Used again and again.</summary>
internal sealed class TraceArrival
{
    private TraceRecord _record = new();

    /// <summary>The message; null once it has been taken.</summary>
    public object? Message { get; set; }

    /// <summary>What it is to the node that records it.</summary>
    public TraceRole Role { get; set; }

    /// <summary>The node whose counter the record's first number is from, where the message comes from another one; else -1.</summary>
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

    /// <summary>No message of the record: what is numbered higher than the first number here came after the second number there.</summary>
    Order,
}

/// <summary>In the mailbox of one who stands for an actor of another node: a message, and the number under which it leaves.</summary>
internal sealed record Departure(object Message, long Number);

/// <summary>To an actor of a traced run: a message from another node, and the number under which it left there.</summary>
/// <param name="Message">The message.</param>
/// <param name="Node">The node, by its place in the run.</param>
/// <param name="Number">The number.</param>
internal sealed record RemoteArrival(object Message, int Node, long Number);
