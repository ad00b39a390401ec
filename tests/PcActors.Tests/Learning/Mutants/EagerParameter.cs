using System.Numerics;
using PcActors.Learning;
using PcActors.Testing;

namespace PcActors.Tests.Learning.Mutants;

/// <summary>A parameter that takes its update over as soon as it is computed, and not when the step has ended.</summary>
internal sealed class EagerParameter<T>(IVertex<T> inner) : Interceptor<T>(inner)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Report(object report)
    {
        base.Report(report);
        if (report is UpdateReport update) Forward(new CommitStep(update.Step));
    }

    protected override void OnReceive(object message)
    {
        if (message is BeginStep begin) Forward(begin with { Commit = null });
        else if (message is not CommitStep) base.OnReceive(message);
    }
}
