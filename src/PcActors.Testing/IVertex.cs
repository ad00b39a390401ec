using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Learning.Vertices;

namespace PcActors.Testing;

/// <summary>A vertex as a <see cref="VertexNetwork{T}"/> runs it: messages in, messages out.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IVertex<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What the vertex knows of its network.</summary>
    VertexDescription<T> Description { get; }

    /// <summary>Takes one message and sends what follows from it.</summary>
    void Receive(object message, IOutbox<T> outbox);
}

/// <summary>The library's own vertex.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class StateVertex<T>(VertexState<T> state) : IVertex<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public VertexDescription<T> Description => state.Description;

    public void Receive(object message, IOutbox<T> outbox) => state.Receive(message, outbox);
}
