using System.Collections.Concurrent;
using Akka.Actor;

namespace PcActors.Tracing.Recording;

/// <summary>Belongs to an actor system, and knows who records in it.</summary>
internal sealed class TraceExtension : IExtension
{
    private readonly ConcurrentDictionary<string, TraceRecorder> _parts = [];
    private TraceRecorder? _recorder;

    /// <summary>Who records what comes to an actor; null when nobody does.</summary>
    public TraceRecorder? RecorderOf(IActorRef owner) =>
        _parts.GetValueOrDefault(owner.Path.Parent.ToStringWithoutAddress()) ?? Volatile.Read(ref _recorder);

    /// <summary>Lets somebody record what comes to an actor's children.</summary>
    public void Attach(IActorRef parent, TraceRecorder recorder) => _parts[parent.Path.ToStringWithoutAddress()] = recorder;

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
