using System.Collections.Concurrent;
using System.Diagnostics;
using Akka.Actor;

namespace PcActors.Tracing.Recording;

/// <summary>Records the messages of one run: traced mailboxes tell it what they see, and a thread of its own writes.</summary>
internal sealed class TraceRecorder
{
    private readonly ConcurrentDictionary<IActorRef, int> _ids = new(ReferenceEqualityComparer.Instance);
    private readonly TraceInspector _inspector;
    private readonly TraceOptions _options;
    private readonly TraceQueue _queue;
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _sequence;
    private int _isSlow;
    private volatile bool _isOff;

    public TraceRecorder(TraceInspector inspector, TraceOptions options)
    {
        (_inspector, _options) = (inspector, options);
        _queue = new TraceQueue(options.Capacity, options.MaxPayloadBytes);
    }

    /// <summary>Nanoseconds since the start.</summary>
    public long Now => (long)((Stopwatch.GetTimestamp() - _start) * (1e9 / Stopwatch.Frequency));

    /// <summary>What has been written; complete when <see cref="EndAsync"/> has ended.</summary>
    public TraceTotals Totals { get; private set; }

    /// <summary>Why the trace was abandoned; null when it was not.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Makes an actor known by its id.</summary>
    public void Register(IActorRef actor, int id) => _ids[actor] = id;

    /// <summary>Begins to write: until then messages wait, and whoever sends them once there are many.</summary>
    public void Begin(TraceHeader header) => new Thread(() => Write(header)) { IsBackground = true, Name = "trace writer" }.Start();

    /// <summary>A message has come in.</summary>
    /// <returns>What goes through the mailbox in its place; null when nothing is recorded any more.</returns>
    public TraceArrival? Arrive(Envelope envelope, int receiver)
    {
        if (_isOff) return null;
        var arrival = _queue.Rent();
        var record = arrival.Record;
        arrival.Message = envelope.Message;
        _inspector.Inspect(envelope.Message, record);
        record.Node = _options.Node;
        record.To = receiver;
        if (envelope.Sender is { } sender && _ids.TryGetValue(sender, out var id))
        {
            record.From = id;
        }
        else
        {
            record.From = TraceRecord.Other;
            record.Sender = envelope.Sender?.Path.ToString() ?? "nobody";
        }
        record.ArrivedAt = Now;
        record.N = Interlocked.Increment(ref _sequence);
        return arrival;
    }

    /// <summary>A message is taken out and about to be handled.</summary>
    public void Take(TraceArrival arrival, long now)
    {
        arrival.Message = null;
        arrival.Record.TakenAt = now;
        arrival.Record.Taken = Interlocked.Increment(ref _sequence);
    }

    /// <summary>A message has been handled.</summary>
    public void Complete(TraceArrival arrival, long now)
    {
        arrival.Record.DoneAt = now;
        Leave(arrival);
    }

    /// <summary>A message's record is finished.</summary>
    public void Leave(TraceArrival arrival)
    {
        if (_isOff || !_queue.Add(arrival) || Interlocked.Exchange(ref _isSlow, 1) == 1) return;
        _options.OnTrouble?.Invoke($"{_options.OutputName}: the trace cannot be written as fast as messages come; the run waits for it");
    }

    /// <summary>Writes what is left, and the end.</summary>
    public Task EndAsync()
    {
        _queue.Close();
        return _written.Task;
    }

    private void Write(TraceHeader header)
    {
        try
        {
            using var writer = new TraceWriter(_options.Output, header);
            for (var batch = _queue.TakeAll(); batch.Length > 0; batch = _queue.TakeAll())
            {
                foreach (var arrival in batch) writer.Write(arrival.Record);
            }
            writer.End();
            Totals = writer.Totals;
        }
        catch (Exception e)
        {
            // Whatever it is: a trace is no reason for a run to end.
            _isOff = true;
            Failure = e;
            _queue.Close();
            _options.OnTrouble?.Invoke($"{_options.OutputName}: the trace is abandoned: {e.Message}; the run goes on without it");
        }
        finally
        {
            _written.TrySetResult();
        }
    }
}
