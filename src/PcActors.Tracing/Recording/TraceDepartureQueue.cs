using Akka.Actor;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace PcActors.Tracing.Recording;

/// <summary>The mailbox of one who stands for an actor of another node: it records what is sent there at the moment of sending, and by
/// whom, before anybody can say otherwise.</summary>
/// <param name="recorder">Takes the records.</param>
/// <param name="receiver">Id of the vertex that the owner stands for, or the coordinator's.</param>
internal sealed class TraceDepartureQueue(TraceRecorder recorder, int receiver) : IMessageQueue, IUnboundedMessageQueueSemantics
{
    private readonly UnboundedMessageQueue _queue = new();

    public bool HasMessages => _queue.HasMessages;

    public int Count => _queue.Count;

    public void Enqueue(IActorRef owner, Envelope envelope)
    {
        // What Akka says to the owner itself goes no further.
        if (envelope.Message is not (IAutoReceivedMessage or IPossiblyHarmful) && recorder.Depart(envelope, receiver) is > 0 and var number)
            envelope = new Envelope(new Departure(envelope.Message, number), envelope.Sender);
        _queue.Enqueue(owner, envelope);
    }

    public bool TryDequeue(out Envelope envelope) => _queue.TryDequeue(out envelope);

    public void CleanUp(IActorRef owner, IMessageQueue deadletters) => _queue.CleanUp(owner, deadletters);
}
