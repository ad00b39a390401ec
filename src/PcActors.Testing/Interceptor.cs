using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Learning.Vertices;

namespace PcActors.Testing;

/// <summary>A vertex between its neighbours and another vertex: it passes everything on, except what a
/// derived class changes.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Interceptor<T>(IVertex<T> inner) : IVertex<T>, IOutbox<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private IOutbox<T>? _outbox;

    /// <inheritdoc/>
    public VertexDescription<T> Description => inner.Description;

    /// <summary>Where messages go, beyond this interceptor. Only while a message is being received.</summary>
    protected IOutbox<T> Outbox => _outbox!;

    /// <inheritdoc/>
    public void Receive(object message, IOutbox<T> outbox)
    {
        _outbox = outbox;
        OnReceive(message);
    }

    /// <inheritdoc/>
    public virtual void SendValue(int consumer, ValueMessage<T> message) => Outbox.SendValue(consumer, message);

    /// <inheritdoc/>
    public virtual void SendError(int slot, ErrorMessage<T> message) => Outbox.SendError(slot, message);

    /// <inheritdoc/>
    public virtual void Report(object report) => Outbox.Report(report);

    /// <summary>What is done with a message: it is passed on.</summary>
    protected virtual void OnReceive(object message) => Forward(message);

    /// <summary>Passes a message on to the vertex behind.</summary>
    protected void Forward(object message) => inner.Receive(message, this);
}
