using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Testing;

namespace PcActors.Tests.Learning.Mutants;

/// <summary>A parameter that takes its update over as soon as it is computed, and not when
/// the step has ended.</summary>
internal sealed class EagerParameter<T>(IVertex<T> inner) : Interceptor<T>(inner)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private bool _commits;

    public override void Report(object report)
    {
        // What its own request makes it say, nobody has asked for.
        if (!_commits) base.Report(report);
        if (report is not UpdateReport update) return;
        _commits = true;
        Forward(new RequestParameter(update.Step));
        _commits = false;
    }

    protected override void OnReceive(object message)
    {
        if (message is BeginStep begin) Forward(begin with { Commit = null });
        else if (message is RequestParameter request) Forward(request with { Commit = null });
        else base.OnReceive(message);
    }
}
