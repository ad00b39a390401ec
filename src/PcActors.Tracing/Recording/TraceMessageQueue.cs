using Akka.Actor;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using PcActors.Runs.Threads;

namespace PcActors.Tracing.Recording;

/// <summary>An unbounded queue that records what comes in, when it is taken, and when it has been handled.</summary>
/// <param name="recorder">Takes the records.</param>
/// <param name="owner">Id of the vertex whose mailbox it is, or the coordinator's.</param>
internal sealed class TraceMessageQueue(TraceRecorder recorder, int owner)
    : IMessageQueue, IUnboundedMessageQueueSemantics
{
    private readonly SmallMessageQueue _queue = new();

    // What the owner is at. Only the owner's turn takes messages out, one turn after the other.
    private TraceArrival? _current;

    public bool HasMessages => _queue.HasMessages;

    public int Count => _queue.Count;

    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        // When nothing is recorded any more, what has come from another node goes in as it left there.
        object message = recorder.Arrive(envelope, owner) is { } arrival
            ? arrival
            : envelope.Message is RemoteArrival remote ? remote.Message : envelope.Message;
        _queue.Enqueue(receiver, new Envelope(message, envelope.Sender));
    }

    public bool TryDequeue(out Envelope envelope)
    {
        var hasNext = _queue.TryDequeue(out envelope);
        // Read after the next one is out: nothing is taken before it came.
        var now = recorder.Now;
        Complete(now);
        if (!hasNext) return false;
        if (envelope.Message is not TraceArrival arrival) return true;
        envelope = new Envelope(arrival.Message!, envelope.Sender);
        recorder.Take(arrival, now);
        _current = arrival;
        return true;
    }

    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        Complete(recorder.Now);
        while (_queue.TryDequeue(out var envelope))
        {
            if (envelope.Message is TraceArrival arrival)
            {
                envelope = new Envelope(arrival.Message!, envelope.Sender);
                recorder.Leave(arrival);
            }
            deadletters.Enqueue(owner, envelope);
        }
    }

    private void Complete(long now)
    {
        if (_current is not { } done) return;
        _current = null;
        recorder.Complete(done, now);
    }
}

/// <summary>The mailbox of one who stands for an actor of another node: it records what is sent there at
/// the moment of sending, and by whom, before anybody can say otherwise.</summary>
/// <param name="recorder">Takes the records.</param>
/// <param name="receiver">Id of the vertex that the owner stands for, or the coordinator's.</param>
internal sealed class TraceDepartureQueue(TraceRecorder recorder, int receiver)
    : IMessageQueue, IUnboundedMessageQueueSemantics
{
    private readonly SmallMessageQueue _queue = new();

    public bool HasMessages => _queue.HasMessages;

    public int Count => _queue.Count;

    public void Enqueue(IActorRef owner, Envelope envelope)
    {
        // What Akka says to the owner itself goes no further.
        if (envelope.Message is not (IAutoReceivedMessage or IPossiblyHarmful)
            && recorder.Depart(envelope, receiver) is > 0 and var number)
            envelope = new Envelope(new Departure(envelope.Message, number), envelope.Sender);
        _queue.Enqueue(owner, envelope);
    }

    public bool TryDequeue(out Envelope envelope) => _queue.TryDequeue(out envelope);

    public void CleanUp(IActorRef owner, IMessageQueue deadletters) => _queue.CleanUp(owner, deadletters);
}
