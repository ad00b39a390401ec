using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using PcActors.Runs;
using PcActors.Runs.Threads;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Recording;

/// <summary>The mailbox of vertices and of the coordinator in a traced run. Where nothing is recorded
/// it is that of a run without a trace.</summary>
internal sealed class TraceMailbox(Settings settings, Config config)
    : MailboxType(settings, config), IProducesMessageQueue<TraceMessageQueue>
{
    /// <summary>Configuration path of the vertices' mailbox.</summary>
    public const string VertexPath = "pcactors.trace.vertex-mailbox";

    /// <summary>Configuration path of the coordinator's.</summary>
    public const string CoordinatorPath = "pcactors.trace.coordinator-mailbox";

    /// <summary>Configuration path of the mailbox of those who stand for actors of other nodes.</summary>
    public const string RemotePath = "pcactors.trace.remote-mailbox";

    private readonly string _owner = config.GetString("owner");

    /// <summary>The settings of all, for an actor system.</summary>
    public static Config Configuration => ConfigurationFactory.ParseString($$"""
        {{VertexPath}} { mailbox-type = "{{typeof(TraceMailbox).AssemblyQualifiedName}}", owner = vertex }
        {{CoordinatorPath}} { mailbox-type = "{{typeof(TraceMailbox).AssemblyQualifiedName}}", owner = coordinator }
        {{RemotePath}} { mailbox-type = "{{typeof(TraceMailbox).AssemblyQualifiedName}}", owner = remote }
        """);

    /// <inheritdoc/>
    public override IMessageQueue Create(IActorRef owner, ActorSystem system)
    {
        if (TraceExtension.Of(system).RecorderOf(owner) is not { } recorder) return new SmallMessageQueue();
        var name = owner.Path.Name;
        var isCoordinator = _owner == "coordinator" || (_owner == "remote" && name == VertexNames.Coordinator);
        var id = isCoordinator ? TraceRecord.Coordinator : VertexNames.IdOf(name);
        if (!isCoordinator && id == VertexNames.None) return new SmallMessageQueue();
        recorder.Register(owner, id);
        return _owner == "remote" ? new TraceDepartureQueue(recorder, id) : new TraceMessageQueue(recorder, id);
    }
}

/// <summary>Belongs to an actor system, and knows who records in it.</summary>
internal sealed class TraceExtension : IExtension
{
    private readonly ConcurrentDictionary<string, TraceRecorder> _parts = [];
    private TraceRecorder? _recorder;

    /// <summary>Who records what comes to an actor; null when nobody does.</summary>
    public TraceRecorder? RecorderOf(IActorRef owner) =>
        _parts.GetValueOrDefault(owner.Path.Parent.ToStringWithoutAddress()) ?? Volatile.Read(ref _recorder);

    /// <summary>Lets somebody record what comes to an actor's children.</summary>
    public void Attach(IActorRef parent, TraceRecorder recorder) =>
        _parts[parent.Path.ToStringWithoutAddress()] = recorder;

    /// <summary>Lets nobody record what comes to an actor's children.</summary>
    public void Detach(IActorRef parent) => _parts.TryRemove(parent.Path.ToStringWithoutAddress(), out _);

    /// <summary>An actor system's.</summary>
    public static TraceExtension Of(ActorSystem system) => system.WithExtension<TraceExtension, Provider>();

    /// <summary>Lets somebody record.</summary>
    /// <exception cref="InvalidOperationException">Somebody does already.</exception>
    public void Attach(TraceRecorder recorder)
    {
        if (Interlocked.CompareExchange(ref _recorder, recorder, null) is not null)
            throw new InvalidOperationException("a run in this actor system is traced already; one at a time can be");
    }

    /// <summary>Lets nobody record.</summary>
    public void Detach() => Volatile.Write(ref _recorder, null);

    private sealed class Provider : ExtensionIdProvider<TraceExtension>
    {
        public override TraceExtension CreateExtension(ExtendedActorSystem system) => new();
    }
}
