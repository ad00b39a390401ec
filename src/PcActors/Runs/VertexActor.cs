using System.Numerics;
using Akka.Actor;
using PcActors.Learning.Protocol;
using PcActors.Learning.Vertices;
using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Runs;

/// <summary>One vertex as an actor: a <see cref="VertexState{T}"/> and its neighbours' addresses.</summary>
/// <remarks>It is told its own function and edges, its neighbours' references and that of whoever begins its steps.
/// There is nothing else that it could read or write.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class VertexActor<T> : UntypedActor, IOutbox<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private VertexState<T>? _state;
    private IActorRef[] _inputs = [];
    private IActorRef[] _consumers = [];
    private IActorRef? _coordinator;
    private int _kernelThreads = 1;

    /// <summary>How to make the actor. One description serves all vertices of a run: each
    /// learns what it is from its first message, which keeps a vertex small.</summary>
    public static Props Props { get; } = Akka.Actor.Props.Create(() => new VertexActor<T>());

    void IOutbox<T>.SendValue(int consumer, ValueMessage<T> message) =>
        _consumers[consumer].Tell(message, Self);

    void IOutbox<T>.SendError(int slot, ErrorMessage<T> message) => _inputs[slot].Tell(message, Self);

    void IOutbox<T>.Report(object report) => _coordinator!.Tell(report, Self);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        try
        {
            if (_state is null) Connect((Connect<T>)message);
            else if (_kernelThreads == 1) _state.Receive(message, this);
            else ReceiveOnThreads(_state, message);
        }
        catch (Exception e)
        {
            var description = _state?.Description ?? (message as Connect<T>)?.Description;
            throw new VertexException(description?.Name ?? Self.Path.Name, e);
        }
    }

    private void Connect(Connect<T> connect)
    {
        (_inputs, _consumers, _coordinator) = (connect.Inputs, connect.Consumers, connect.Coordinator);
        _state = VertexState<T>.Create(connect.Description, connect.Options, connect.Buffers);
        _kernelThreads = connect.KernelThreads;
    }

    private void ReceiveOnThreads(VertexState<T> state, object message)
    {
        var before = KernelThreads.Use(_kernelThreads);
        try
        {
            state.Receive(message, this);
        }
        finally
        {
            KernelThreads.Use(before);
        }
    }
}
