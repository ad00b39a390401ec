using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Tensors;
using PcActors.Testing;

namespace PcActors.Tests.Learning.Mutants;

/// <summary>A vertex that takes the error of its last consumer for 0.</summary>
internal sealed class LostError<T>(IVertex<T> inner) : Interceptor<T>(inner)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override void OnReceive(object message) => Forward(
        message is ErrorMessage<T> error && error.Edge == Description.Consumers[^1].Edge
            ? error with { Error = new PullBack<T>(new Tensor<T>(error.Error.Shape), null) }
            : message);
}
