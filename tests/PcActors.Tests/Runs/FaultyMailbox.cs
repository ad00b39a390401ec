using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using PcActors.Learning.Protocol;
using PcActors.Testing;
using PcActors.Tracing.Recording;
using Envelope = Akka.Actor.Envelope;

namespace PcActors.Tests.Runs;

/// <summary>What becomes of the messages to vertices in one actor system.</summary>
/// <param name="fault">Asked for each message between vertices, from many threads.</param>
internal sealed class FaultSetup(Func<object, Fate> fault) : Setup
{
    public Fate FateOf(object message) => fault(message);
}

/// <summary>A mailbox that loses, doubles or delays messages between vertices, and questions for
/// parameters, as it is told to.</summary>
internal sealed class FaultyMailbox(Settings settings, Config config)
    : MailboxType(settings, config), IProducesMessageQueue<UnboundedMessageQueue>
{
    /// <summary>Path of its configuration.</summary>
    public const string Path = "faulty-mailbox";

    private readonly FaultSetup _setup = settings.Setup.Get<FaultSetup>().Value;
    private readonly bool _isTraced = config.GetBoolean("traced");

    /// <summary>An actor system with the mailbox, for <see cref="PcActors.Runs.NetworkOptions"/>.</summary>
    /// <param name="fault">What becomes of each such message.</param>
    /// <param name="isTraced">Whether what arrives goes through the traced mailbox, if somebody records.</param>
    public static ActorSystem CreateSystem(Func<object, Fate> fault, bool isTraced = false) =>
        ActorSystem.Create("faulty", BootstrapSetup.Create()
        .WithConfig(ConfigurationFactory.ParseString($$"""
            akka { loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off, coordinated-shutdown.run-by-clr-shutdown-hook = off }
            {{Path}} { mailbox-type = "{{typeof(FaultyMailbox).AssemblyQualifiedName}}", traced = {{(isTraced ? "on" : "off")}} }
            """))
        .And(new FaultSetup(fault)));

    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new Queue(
        _setup,
        _isTraced
            ? system.Mailboxes.Lookup(TraceMailbox.VertexPath).Create(owner, system)
            : new UnboundedMessageQueue());

    /// <summary>Late messages wait here until one of a later attempt or step comes in.</summary>
    private sealed class Queue(FaultSetup setup, IMessageQueue queue) : IMessageQueue, IUnboundedMessageQueueSemantics
    {
        private readonly List<(StepId Step, Envelope Envelope)> _late = [];

        public bool HasMessages => queue.HasMessages;

        public int Count => queue.Count;

        public void Enqueue(IActorRef receiver, Envelope envelope)
        {
            if (StepOf(envelope.Message) is not { } step)
            {
                queue.Enqueue(receiver, envelope);
                return;
            }
            var fate = setup.FateOf(envelope.Message);
            if (fate is Fate.Arrives or Fate.ArrivesTwice or Fate.ArrivesAgainLate) queue.Enqueue(receiver, envelope);
            if (fate is Fate.ArrivesTwice) queue.Enqueue(receiver, envelope);
            lock (_late)
            {
                if (fate is Fate.ArrivesLate or Fate.ArrivesAgainLate) _late.Add((step, envelope));
                foreach (var late in _late.Where(l => l.Step < step)) queue.Enqueue(receiver, late.Envelope);
                _late.RemoveAll(l => l.Step < step);
            }
        }

        public bool TryDequeue(out Envelope envelope) => queue.TryDequeue(out envelope);

        public void CleanUp(IActorRef owner, IMessageQueue deadletters) => queue.CleanUp(owner, deadletters);

        /// <summary>The step of a message that may go wrong: one between vertices, or the question for a parameter;
        /// null for any other.</summary>
        private static StepId? StepOf(object message) => message switch
        {
            ValueMessage<float> value => value.Step,
            ErrorMessage<float> error => error.Step,
            RequestParameter request => request.Commit,
            _ => null,
        };
    }
}
