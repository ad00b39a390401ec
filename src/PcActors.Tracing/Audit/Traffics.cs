namespace PcActors.Tracing.Audit;

/// <summary>Kinds of messages from their names in the trace.</summary>
internal static class Traffics
{
    /// <summary>The kind of a record's message.</summary>
    public static Traffic Of(string kind) => kind switch
    {
        TraceKind.Value => Traffic.Value,
        TraceKind.Error => Traffic.Error,
        TraceKind.BeginStep => Traffic.BeginStep,
        TraceKind.Advance => Traffic.Advance,
        TraceKind.ClampData => Traffic.ClampData,
        TraceKind.ClampTarget => Traffic.ClampTarget,
        TraceKind.RequestPrediction => Traffic.RequestPrediction,
        TraceKind.RequestParameter => Traffic.RequestParameter,
        TraceKind.RequestCounters => Traffic.RequestCounters,
        TraceKind.RequestFiniteness => Traffic.RequestFiniteness,
        TraceKind.LossReport => Traffic.LossReport,
        TraceKind.ForwardReport => Traffic.ForwardReport,
        TraceKind.PredictionReport => Traffic.PredictionReport,
        TraceKind.UpdateReport => Traffic.UpdateReport,
        TraceKind.AdvanceReport => Traffic.AdvanceReport,
        TraceKind.ParameterReport => Traffic.ParameterReport,
        TraceKind.RequestSnapshot => Traffic.RequestSnapshot,
        TraceKind.SnapshotReport => Traffic.SnapshotReport,
        TraceKind.CountersReport => Traffic.CountersReport,
        TraceKind.FinitenessReport => Traffic.FinitenessReport,
        TraceKind.Connect => Traffic.Connect,
        "verticesReady" or "vertexFailed" or "hostFailed" or "tick" or "endOfRun" or "trainingStep" or "prediction"
            or "parameterCollection" or "stateCollection" or "counterCollection" or "poisonPill" => Traffic.Housekeeping,
        _ => Traffic.Unknown,
    };

    /// <summary>Whether messages of the kind name an attempt at a step whose account they belong to.</summary>
    public static bool IsOfAttempt(this Traffic traffic) => traffic is Traffic.Value or Traffic.Error or Traffic.BeginStep
        or Traffic.Advance or Traffic.ClampData or Traffic.ClampTarget or Traffic.RequestPrediction or Traffic.LossReport
        or Traffic.ForwardReport or Traffic.PredictionReport or Traffic.UpdateReport or Traffic.AdvanceReport;
}
