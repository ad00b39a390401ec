using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Testing;

namespace PcActors.Tests.Learning.Mutants;

/// <summary>A parameter that learns some timesteps after its level, or before.</summary>
internal sealed class ShiftedTime<T>(IVertex<T> inner, int shift) : Interceptor<T>(inner)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override void OnReceive(object message)
    {
        if (message is not ErrorMessage<T> error) base.OnReceive(message);
        else if (error.Time == Description.Level + shift) Forward(error with { Time = Description.Level });
    }
}
