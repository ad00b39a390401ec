using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit;

/// <summary>Kinds of messages from their names in the trace.</summary>
internal static class MessageKinds
{
    /// <summary>The kind of a record's message.</summary>
    public static MessageKind Of(string kind) => kind switch
    {
        TraceKind.Value => MessageKind.Value,
        TraceKind.Error => MessageKind.Error,
        TraceKind.BeginStep => MessageKind.BeginStep,
        TraceKind.Advance => MessageKind.Advance,
        TraceKind.ClampData => MessageKind.ClampData,
        TraceKind.ClampTarget => MessageKind.ClampTarget,
        TraceKind.RequestPrediction => MessageKind.RequestPrediction,
        TraceKind.RequestParameter => MessageKind.RequestParameter,
        TraceKind.RequestCounters => MessageKind.RequestCounters,
        TraceKind.RequestFiniteness => MessageKind.RequestFiniteness,
        TraceKind.LossReport => MessageKind.LossReport,
        TraceKind.ForwardReport => MessageKind.ForwardReport,
        TraceKind.PredictionReport => MessageKind.PredictionReport,
        TraceKind.UpdateReport => MessageKind.UpdateReport,
        TraceKind.AdvanceReport => MessageKind.AdvanceReport,
        TraceKind.ParameterReport => MessageKind.ParameterReport,
        TraceKind.RequestSnapshot => MessageKind.RequestSnapshot,
        TraceKind.SnapshotReport => MessageKind.SnapshotReport,
        TraceKind.CountersReport => MessageKind.CountersReport,
        TraceKind.FinitenessReport => MessageKind.FinitenessReport,
        TraceKind.Connect => MessageKind.Connect,
        "verticesReady" or "vertexFailed" or "hostFailed" or "tick" or "endOfRun" or "trainingStep" or "prediction"
            or "parameterCollection" or "stateCollection" or "counterCollection" or "poisonPill" => MessageKind.Housekeeping,
        _ => MessageKind.Unknown,
    };

    /// <summary>Whether messages of the kind name an attempt at a step whose account they belong to.</summary>
    public static bool IsOfAttempt(this MessageKind kind) => kind is MessageKind.Value or MessageKind.Error or MessageKind.BeginStep
        or MessageKind.Advance or MessageKind.ClampData or MessageKind.ClampTarget or MessageKind.RequestPrediction or MessageKind.LossReport
        or MessageKind.ForwardReport or MessageKind.PredictionReport or MessageKind.UpdateReport or MessageKind.AdvanceReport;
}
