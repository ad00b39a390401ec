using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using PcActors.Runs;
using PcActors.Tracing.Recording;
using Envelope = Akka.Actor.Envelope;

namespace PcActors.Tests.Tracing.Audit;

/// <summary>What cheating vertices make of the messages that they have taken.</summary>
/// <param name="read">Given a vertex, its actor and a message: what it acts on in the message's stead; null for
/// nothing. Told from many threads, of one vertex by one at a time.</param>
internal sealed class CheatingVertices(Func<int, IActorRef, object, object?> read) : Setup
{
    /// <summary>Path of their mailbox's configuration.</summary>
    public const string Path = "cheating-vertices";

    public object? Read(int vertex, IActorRef self, object message) => read(vertex, self, message);

    /// <summary>An actor system of theirs.</summary>
    public static ActorSystem CreateSystem(Func<int, IActorRef, object, object?> read) =>
        ActorSystem.Create("cheating", BootstrapSetup.Create()
        .WithConfig(ConfigurationFactory.ParseString($$"""
            akka { loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off }
            akka.coordinated-shutdown.run-by-clr-shutdown-hook = off
            {{Path}} { mailbox-type = "{{typeof(CheatingVertexMailbox).AssemblyQualifiedName}}", owner = vertex }
            """))
        .And(new CheatingVertices(read)));
}

/// <summary>A traced mailbox whose owner does not act on what it takes, but on what it makes of it: the record has what
/// came, and what came of it.</summary>
internal sealed class CheatingVertexMailbox(Settings settings, Config config)
    : MailboxType(settings, config), IProducesMessageQueue<TraceMessageQueue>
{
    private readonly CheatingVertices _vertices = settings.Setup.Get<CheatingVertices>().Value;
    private readonly TraceMailbox _traced = new(settings, config);

    public override IMessageQueue Create(IActorRef owner, ActorSystem system) =>
        new Queue(_vertices, owner, _traced.Create(owner, system));

    private sealed class Queue(CheatingVertices vertices, IActorRef owner, IMessageQueue queue)
        : IMessageQueue, IUnboundedMessageQueueSemantics
    {
        private readonly int _vertex = VertexNames.IdOf(owner.Path.Name);

        public bool HasMessages => queue.HasMessages;

        public int Count => queue.Count;

        public void Enqueue(IActorRef receiver, Envelope envelope) => queue.Enqueue(receiver, envelope);

        public bool TryDequeue(out Envelope envelope)
        {
            while (queue.TryDequeue(out envelope))
            {
                if (vertices.Read(_vertex, owner, envelope.Message) is not { } message) continue;
                envelope = new Envelope(message, envelope.Sender);
                return true;
            }
            return false;
        }

        public void CleanUp(IActorRef actor, IMessageQueue deadletters) => queue.CleanUp(actor, deadletters);
    }
}
