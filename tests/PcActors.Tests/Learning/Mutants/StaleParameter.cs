using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Tensors;
using PcActors.Testing;

namespace PcActors.Tests.Learning.Mutants;

/// <summary>A parameter that sends its value before it takes the last update over.</summary>
internal sealed class StaleParameter<T>(IVertex<T> inner) : Interceptor<T>(inner)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Tensor<T> _sent = inner.Description.Start!.Value;
    private Tensor<T> _next = inner.Description.Start!.Value;

    public override void SendValue(int consumer, ValueMessage<T> message)
    {
        if (consumer == 0) (_sent, _next) = (_next, message.Value.Clone());
        base.SendValue(consumer, message with { Value = _sent });
    }
}
