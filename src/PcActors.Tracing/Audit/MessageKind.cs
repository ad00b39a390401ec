
namespace PcActors.Tracing.Audit;

/// <summary>What kind of message a record is about, as the audit tells them apart.</summary>
internal enum MessageKind
{
    /// <summary>None that the protocol knows.</summary>
    Unknown,
    Value,
    Error,
    BeginStep,
    Advance,
    ClampData,
    ClampTarget,
    RequestPrediction,
    RequestParameter,
    RequestCounters,
    RequestFiniteness,
    LossReport,
    ForwardReport,
    PredictionReport,
    UpdateReport,
    AdvanceReport,
    ParameterReport,
    RequestSnapshot,
    SnapshotReport,
    CountersReport,
    FinitenessReport,

    /// <summary>To a vertex, first of all: what it is.</summary>
    Connect,

    /// <summary>To the coordinator: what starts and ends a run and hands it work. It belongs to no step.</summary>
    Housekeeping,
}
