using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using PcActors.Tracing.Recording;
using Envelope = Akka.Actor.Envelope;

namespace PcActors.Tests.Tracing.Audit;

/// <summary>What is done about the messages to vertices in one actor system, before the recorder sees them.</summary>
/// <param name="act">Told of each message, from many threads, and how to put one into the
/// mailbox that it was sent to.</param>
internal sealed class CheatSetup(Action<Envelope, Action<Envelope>> act) : Setup
{
    public void Act(Envelope envelope, Action<Envelope> enqueue) => act(envelope, enqueue);
}

/// <summary>A traced mailbox outside which somebody cheats: sends what nobody should, doubles or
/// swallows what was sent. All that a cheat can do to others is a message, so this is what it looks
/// like, whoever does it.</summary>
internal sealed class CheatingMailbox(Settings settings, Config config)
    : MailboxType(settings, config), IProducesMessageQueue<TraceMessageQueue>
{
    /// <summary>Path of its configuration.</summary>
    public const string Path = "cheating-mailbox";

    private readonly CheatSetup _setup = settings.Setup.Get<CheatSetup>().Value;
    private readonly TraceMailbox _traced = new(settings, config);

    /// <summary>An actor system with the mailbox.</summary>
    public static ActorSystem CreateSystem(Action<Envelope, Action<Envelope>> act) =>
        ActorSystem.Create("cheating", BootstrapSetup.Create()
        .WithConfig(ConfigurationFactory.ParseString($$"""
            akka { loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off, coordinated-shutdown.run-by-clr-shutdown-hook = off }
            {{Path}} { mailbox-type = "{{typeof(CheatingMailbox).AssemblyQualifiedName}}", owner = vertex }
            """))
        .And(new CheatSetup(act)));

    public override IMessageQueue Create(IActorRef owner, ActorSystem system) =>
        new Queue(_setup, _traced.Create(owner, system));

    private sealed class Queue(CheatSetup setup, IMessageQueue queue) : IMessageQueue, IUnboundedMessageQueueSemantics
    {
        public bool HasMessages => queue.HasMessages;

        public int Count => queue.Count;

        public void Enqueue(IActorRef receiver, Envelope envelope) =>
            setup.Act(envelope, e => queue.Enqueue(receiver, e));

        public bool TryDequeue(out Envelope envelope) => queue.TryDequeue(out envelope);

        public void CleanUp(IActorRef owner, IMessageQueue deadletters) => queue.CleanUp(owner, deadletters);
    }
}
