using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Testing;

namespace PcActors.Tests.Learning.Mutants;

/// <summary>Gives the memory of each error that it sends back at once, though it is the receiver's by then.</summary>
internal sealed class EarlyRelease<T>(IVertex<T> inner) : Interceptor<T>(inner)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void SendError(int slot, ErrorMessage<T> message)
    {
        base.SendError(slot, message);
        message.Error.Release();
    }
}
