using System.Numerics;
using Akka.Actor;
using PcActors.Learning;

namespace PcActors.Actors;

/// <summary>One vertex as an actor: a <see cref="VertexState{T}"/> and its neighbours' addresses.</summary>
/// <remarks>It is built from its own function and edges, and learns only its neighbours' references and that of whoever
/// begins its steps. There is nothing else that it could read or write.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class VertexActor<T> : UntypedActor, IOutbox<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly VertexState<T> _state;
    private Connect? _neighbours;

    /// <summary>An actor for a vertex.</summary>
    /// <param name="description">The vertex and its edges.</param>
    /// <param name="options">What all vertices of the run have in common.</param>
    public VertexActor(VertexDescription<T> description, VertexOptions options) =>
        _state = VertexState<T>.Create(description, options);

    /// <summary>How to make the actor.</summary>
    public static Props Props(VertexDescription<T> description, VertexOptions options) =>
        Akka.Actor.Props.Create(() => new VertexActor<T>(description, options));

    void IOutbox<T>.SendValue(int consumer, ValueMessage<T> message) => _neighbours!.Consumers[consumer].Tell(message, Self);

    void IOutbox<T>.SendError(int slot, ErrorMessage<T> message) => _neighbours!.Inputs[slot].Tell(message, Self);

    void IOutbox<T>.Report(object report) => _neighbours!.Coordinator.Tell(report, Self);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (message is Connect connect)
        {
            _neighbours = connect;
            return;
        }
        try
        {
            _state.Receive(message, this);
        }
        catch (Exception e)
        {
            throw new VertexException(_state.Description.Name, e);
        }
    }
}
