using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using PcActors.Actors;

namespace PcActors.Tracing.Recording;

/// <summary>The mailbox of vertices and of the coordinator in a traced run. Where nothing is recorded it is the plain one.</summary>
internal sealed class TraceMailbox(Settings settings, Config config)
    : MailboxType(settings, config), IProducesMessageQueue<TraceMessageQueue>
{
    /// <summary>Configuration path of the vertices' mailbox.</summary>
    public const string VertexPath = "pcactors.trace.vertex-mailbox";

    /// <summary>Configuration path of the coordinator's.</summary>
    public const string CoordinatorPath = "pcactors.trace.coordinator-mailbox";

    private readonly bool _isCoordinators = config.GetBoolean("coordinator");

    /// <summary>The settings of both, for an actor system.</summary>
    public static Config Configuration => ConfigurationFactory.ParseString($$"""
        {{VertexPath}} { mailbox-type = "{{typeof(TraceMailbox).AssemblyQualifiedName}}", coordinator = off }
        {{CoordinatorPath}} { mailbox-type = "{{typeof(TraceMailbox).AssemblyQualifiedName}}", coordinator = on }
        """);

    /// <inheritdoc/>
    public override IMessageQueue Create(IActorRef owner, ActorSystem system)
    {
        if (TraceExtension.Of(system).Recorder is not { } recorder) return new UnboundedMessageQueue();
        var id = _isCoordinators ? TraceRecord.Coordinator : VertexNames.IdOf(owner.Path.Name);
        if (!_isCoordinators && id < 0) return new UnboundedMessageQueue();
        recorder.Register(owner, id);
        return new TraceMessageQueue(recorder, id);
    }
}
