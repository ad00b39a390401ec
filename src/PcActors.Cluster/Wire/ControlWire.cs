using System.Numerics;
using PcActors.Learning.Protocol;

namespace PcActors.Cluster.Wire;

/// <summary>From the coordinator to vertices.</summary>
internal static class ControlWire<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static IReadOnlyList<WireEntry> Entries { get; } =
    [
        WireEntry.Of<BeginStep, Schema.BeginStep>(
            "begin-step",
            Schema.BeginStep.Parser,
            m => new() { Step = StepWire.Write(m.Step), Commit = m.Commit is { } commit ? StepWire.Write(commit) : null },
            w => new(StepWire.Read(w.Step), w.Commit is null ? null : StepWire.Read(w.Commit))),
        WireEntry.Of<ClampData<T>, Schema.ClampData>(
            "clamp-data",
            Schema.ClampData.Parser,
            m => new() { Step = StepWire.Write(m.Step), MicroBatch = m.MicroBatch, Value = TensorWire.Write(m.Value) },
            w => new(StepWire.Read(w.Step), w.MicroBatch, TensorWire.Read<T>(w.Value))),
        WireEntry.Of<ClampTarget<T>, Schema.ClampTarget>(
            "clamp-target",
            Schema.ClampTarget.Parser,
            m => new() { Step = StepWire.Write(m.Step), MicroBatch = m.MicroBatch, Target = TensorWire.Write(m.Target), BatchSize = m.BatchSize },
            w => new(StepWire.Read(w.Step), w.MicroBatch, TensorWire.Read<T>(w.Target), w.BatchSize)),
        WireEntry.Of<RequestPrediction, Schema.RequestPrediction>(
            "request-prediction",
            Schema.RequestPrediction.Parser,
            m => new() { Step = StepWire.Write(m.Step), MicroBatch = m.MicroBatch },
            w => new(StepWire.Read(w.Step), w.MicroBatch)),
        WireEntry.Of<Advance, Schema.Advance>(
            "advance",
            Schema.Advance.Parser,
            m => new() { Step = StepWire.Write(m.Step), Time = m.Time },
            w => new(StepWire.Read(w.Step), w.Time)),
        WireEntry.Of<RequestParameter, Schema.RequestParameter>(
            "request-parameter",
            Schema.RequestParameter.Parser,
            m => new() { Commit = m.Commit is { } commit ? StepWire.Write(commit) : null, Inquiry = m.Inquiry },
            w => new(w.Commit is null ? null : StepWire.Read(w.Commit), w.Inquiry)),
        WireEntry.Of<RequestCounters, Schema.Inquiry>(
            "request-counters", Schema.Inquiry.Parser, m => new() { Number = m.Inquiry }, w => new(w.Number)),
        WireEntry.Of<RequestFiniteness, Schema.Inquiry>(
            "request-finiteness", Schema.Inquiry.Parser, m => new() { Number = m.Inquiry }, w => new(w.Number)),
        WireEntry.Of<RequestSnapshot, Schema.Inquiry>(
            "request-snapshot", Schema.Inquiry.Parser, m => new() { Number = m.Inquiry }, w => new(w.Number)),
    ];
}
