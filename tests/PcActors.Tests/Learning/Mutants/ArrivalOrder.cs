using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Testing;

namespace PcActors.Tests.Learning.Mutants;

/// <summary>Sums errors in the order in which they arrive: it takes each for that of the next edge
/// in canonical order.</summary>
internal sealed class ArrivalOrder<T>(IVertex<T> inner) : Interceptor<T>(inner)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dictionary<(StepId Step, int MicroBatch), int> _arrived = [];

    protected override void OnReceive(object message)
    {
        if (message is not ErrorMessage<T> error)
        {
            base.OnReceive(message);
            return;
        }
        var place = _arrived.GetValueOrDefault((error.Step, error.MicroBatch));
        _arrived[(error.Step, error.MicroBatch)] = place + 1;
        Forward(error with { Edge = Description.Consumers.Where(c => c.CarriesError).ElementAt(place).Edge });
    }
}
