using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace PcActors.Runs.Threads;

/// <summary>The mailbox of vertices in a run that is not recorded.</summary>
internal sealed class SmallMailbox(Settings settings, Config config)
    : MailboxType(settings, config), IProducesMessageQueue<SmallMessageQueue>
{
    /// <summary>Configuration path of the mailbox.</summary>
    public const string Path = "pcactors.vertex-mailbox";

    /// <summary>Its settings, for an actor system.</summary>
    public static Config Configuration => ConfigurationFactory.ParseString(
        $$"""{{Path}} { mailbox-type = "{{typeof(SmallMailbox).AssemblyQualifiedName}}" }""");

    /// <inheritdoc/>
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new SmallMessageQueue();
}
