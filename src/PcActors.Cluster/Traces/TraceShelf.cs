using Akka.Actor;
using Akka.Cluster;
using PcActors.Cluster.Wire;

namespace PcActors.Cluster.Traces;

/// <summary>Hands out what its node has recorded of runs, in parts, to whoever asks.</summary>
internal sealed class TraceShelf : UntypedActor
{
    /// <summary>The actor's name, below /user.</summary>
    public const string Name = "pcactors-traces";

    private const int PartBytes = 48 * 1024;

    private readonly NodeTraces _traces = NodeTraces.Of(Context.System);

    /// <inheritdoc/>
    protected override void PreStart() =>
        AkkaCluster.Get(Context.System).Subscribe(Self, typeof(ClusterEvent.MemberRemoved));

    /// <inheritdoc/>
    protected override void PostStop() => AkkaCluster.Get(Context.System).Unsubscribe(Self);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RequestTraces request:
                Sender.Tell(new TraceList([.. _traces.Of(request.Run).Select(t => EntryOf(t.Key, t.Value))]), Self);
                break;
            case RequestTracePart request:
                var found = _traces.Of(request.Run)
                    .FirstOrDefault(t => (t.Key.Term, t.Key.Index) == (request.Term, request.Index)).Value;
                var buffer = new byte[PartBytes];
                var count = found?.Read(request.Offset, buffer) ?? 0;
                Sender.Tell(new TraceBytes(request.Offset, buffer.AsMemory(0, count)), Self);
                break;
            case ForgetTraces forget:
                _traces.Forget(forget.Run);
                break;
            case ClusterEvent.MemberRemoved removed:
                _traces.ForgetOf(removed.Member.Address);
                break;
            default:
                Unhandled(message);
                break;
        }
    }
    private static TraceEntry EntryOf(TracePlace place, NodeTrace trace) =>
        new(place.Term, place.Index, place.Nodes, trace.IsDone, trace.Length, trace.Failure, trace.Node);
}
