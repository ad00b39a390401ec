using System.Collections.Concurrent;
using System.Diagnostics;
using Akka.Actor;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Recording;

/// <summary>Records the messages of one run: traced mailboxes tell it what they see, and a
/// thread of its own writes.</summary>
internal sealed class TraceRecorder
{
    private readonly ConcurrentDictionary<IActorRef, int> _ids = new(ReferenceEqualityComparer.Instance);
    private readonly TraceInspector _inspector;
    private readonly TraceInspector _departures;
    private readonly TraceOptions _options;
    private readonly TraceQueue _queue;
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _sequence;
    private int _isSlow;
    private volatile bool _isOff;

    /// <param name="inspector">Reads messages.</param>
    /// <param name="options">What complaints say, how much may wait.</param>
    /// <param name="departures">Reads those that leave for another node: what they carry is recorded there.</param>
    public TraceRecorder(TraceInspector inspector, TraceOptions options, TraceInspector? departures = null)
    {
        (_inspector, _options, _departures) = (inspector, options, departures ?? inspector);
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
    public void Begin(TraceHeader header) => Begin(() => new TraceFileSink(_options.Output, header));

    /// <summary>Begins to write.</summary>
    public void Begin(Func<TraceSink> sink) =>
        new Thread(() => Write(sink)) { IsBackground = true, Name = "trace writer" }.Start();

    /// <summary>The last number that was drawn.</summary>
    public long Clock => Volatile.Read(ref _sequence);

    /// <summary>A message has come in.</summary>
    /// <returns>What goes through the mailbox in its place; null when nothing is recorded any more.</returns>
    public TraceArrival? Arrive(Envelope envelope, int receiver)
    {
        if (_isOff) return null;
        var arrival = _queue.Rent();
        var record = arrival.Record;
        var remote = envelope.Message as RemoteArrival;
        arrival.Message = remote?.Message ?? envelope.Message;
        _inspector.Inspect(arrival.Message, record);
        Address(envelope, receiver, record);
        if (remote is not null) (arrival.Origin, record.N) = (remote.Node, remote.Number);
        else record.N = Interlocked.Increment(ref _sequence);
        return arrival;
    }

    /// <summary>A message is on its way to an actor of another node. Its number is drawn as it is sent, by
    /// its sender's own turn.</summary>
    /// <returns>The number; 0 when nothing is recorded any more.</returns>
    public long Depart(Envelope envelope, int receiver)
    {
        if (_isOff) return 0;
        var departure = _queue.Rent();
        departure.Role = TraceRole.Departure;
        _departures.Inspect(envelope.Message, departure.Record);
        Address(envelope, receiver, departure.Record);
        var number = departure.Record.N = Interlocked.Increment(ref _sequence);
        Leave(departure);
        return number;
    }

    /// <summary>Something that is no part of the record has come from another node: whatever is
    /// numbered from now on came later than what that node had numbered then.</summary>
    public void Order(int node, long number)
    {
        if (_isOff) return;
        var order = _queue.Rent();
        (order.Role, order.Origin, order.Record.N, order.Record.Taken) = (TraceRole.Order, node, Clock, number);
        (order.Record.Node, order.Record.Kind) = (_options.Node, "order");
        Leave(order);
    }

    private void Address(Envelope envelope, int receiver, TraceRecord record)
    {
        record.Node = _options.Node;
        record.To = receiver;
        if (envelope.Sender is { } sender && _ids.TryGetValue(sender, out var id))
        {
            record.From = id;
        }
        else
        {
            record.From = TraceRecord.Other;
            record.Sender = NameOf(envelope.Sender);
        }
        record.ArrivedAt = Now;
    }

    /// <summary>What people read of a sender that is none of the run's. Names that Akka gives begin
    /// with $ and say nothing.</summary>
    private static string NameOf(IActorRef? sender) => sender switch
    {
        null => "nobody",
        { Path.Name: "deadLetters" } => "nobody",
        { Path.Name: ['$', ..] } => "outside the run",
        _ => $"the actor '{sender.Path.Name}' outside the run",
    };

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
        _options.OnTrouble?.Invoke(
            $"{_options.OutputName}: the trace cannot be written as fast as messages come; the run waits for it");
    }

    /// <summary>Writes what is left, and the end.</summary>
    public Task EndAsync()
    {
        _queue.Close();
        return _written.Task;
    }

    private void Write(Func<TraceSink> open)
    {
        try
        {
            using var writer = open();
            for (var batch = _queue.TakeAll(); batch.Length > 0; batch = _queue.TakeAll())
            {
                foreach (var arrival in batch) writer.Write(arrival);
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
            _options.OnTrouble?.Invoke(
                $"{_options.OutputName}: the trace is abandoned: {e.Message}; the run goes on without it");
        }
        finally
        {
            _written.TrySetResult();
        }
    }
}
