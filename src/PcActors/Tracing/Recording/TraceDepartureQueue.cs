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

    public void Enqueue(IActorRef owner, Envelope envelope) => _queue.Enqueue(
        owner, recorder.Depart(envelope, receiver) is > 0 and var number ? new Envelope(new Departure(envelope.Message, number), envelope.Sender) : envelope);

    public bool TryDequeue(out Envelope envelope) => _queue.TryDequeue(out envelope);

    public void CleanUp(IActorRef owner, IMessageQueue deadletters) => _queue.CleanUp(owner, deadletters);
}
