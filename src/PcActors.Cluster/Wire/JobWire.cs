using System.Numerics;
using Google.Protobuf.Collections;
using PcActors.Cluster.Coordination;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Tensors;

namespace PcActors.Cluster.Wire;

/// <summary>Work that a run's client has for the coordinator, and what comes of it.</summary>
internal static class JobWire<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static IReadOnlyList<WireEntry> Entries { get; } =
    [
        WireEntry.Of<StepJob<T>, Schema.StepJob>(
            "job-step",
            Schema.StepJob.Parser,
            m => new() { Epoch = m.Epoch, Number = m.Number, Inputs = { Write(m.Inputs) }, Target = TensorWire.Write(m.Target) },
            w => new(w.Epoch, w.Number, Read(w.Inputs), TensorWire.Read<T>(w.Target))),
        WireEntry.Of<PredictionJob<T>, Schema.PredictionJob>(
            "job-prediction",
            Schema.PredictionJob.Parser,
            m => new() { Epoch = m.Epoch, Number = m.Number, Inputs = { Write(m.Inputs) } },
            w => new(w.Epoch, w.Number, Read(w.Inputs))),
        WireEntry.Of<CountJob, Schema.CountJob>(
            "job-count", Schema.CountJob.Parser, m => new() { Epoch = m.Epoch, Number = m.Number }, w => new(w.Epoch, w.Number)),
        WireEntry.Of<SnapshotJob, Schema.SnapshotJob>(
            "job-snapshot",
            Schema.SnapshotJob.Parser,
            m => new() { Epoch = m.Epoch, Number = m.Number, Step = m.Step },
            w => new(w.Epoch, w.Number, w.Step)),
        WireEntry.Of<TrafficJob, Schema.TrafficJob>(
            "job-traffic", Schema.TrafficJob.Parser, m => new() { Epoch = m.Epoch, Number = m.Number }, w => new(w.Epoch, w.Number)),
        WireEntry.Of<EpochBegun, Schema.EpochBegun>(
            "epoch-begun",
            Schema.EpochBegun.Parser,
            m => new() { Epoch = m.Epoch, Nodes = m.Nodes, Step = m.Step },
            w => new(w.Epoch, w.Nodes, w.Step)),
        WireEntry.Of<EpochEnded, Schema.EpochEnded>(
            "epoch-ended", Schema.EpochEnded.Parser, m => new() { Epoch = m.Epoch, Cause = m.Cause }, w => new(w.Epoch, w.Cause)),
        WireEntry.Of<StepDone, Schema.StepDone>(
            "done-step",
            Schema.StepDone.Parser,
            m => new() { Epoch = m.Epoch, Number = m.Number, Loss = m.Loss, Attempts = m.Attempts },
            w => new(w.Epoch, w.Number, w.Loss, w.Attempts)),
        WireEntry.Of<PredictionDone<T>, Schema.PredictionDone>(
            "done-prediction",
            Schema.PredictionDone.Parser,
            m => new() { Epoch = m.Epoch, Number = m.Number, Prediction = TensorWire.Write(m.Prediction) },
            w => new(w.Epoch, w.Number, TensorWire.Read<T>(w.Prediction))),
        WireEntry.Of<CountDone, Schema.CountDone>(
            "done-count",
            Schema.CountDone.Parser,
            m => new() { Epoch = m.Epoch, Number = m.Number, Values = m.Counts.Values, Errors = m.Counts.Errors },
            w => new(w.Epoch, w.Number, new MessageCounts(w.Values, w.Errors))),
        WireEntry.Of<StateCollected<T>, Schema.StateCollected>(
            "state",
            Schema.StateCollected.Parser,
            m => new() { Epoch = m.Epoch, Number = m.Number, Vertex = m.Vertex, State = ReportWire<T>.Write(m.State) },
            w => new(w.Epoch, w.Number, w.Vertex, ReportWire<T>.Read(w.State))),
        WireEntry.Of<SnapshotDone, Schema.SnapshotDone>(
            "done-snapshot",
            Schema.SnapshotDone.Parser,
            m => new() { Epoch = m.Epoch, Number = m.Number, Values = m.Counts.Values, Errors = m.Counts.Errors },
            w => new(w.Epoch, w.Number, new MessageCounts(w.Values, w.Errors))),
        WireEntry.Of<TrafficDone, Schema.TrafficDone>(
            "done-traffic",
            Schema.TrafficDone.Parser,
            m => new() { Epoch = m.Epoch, Number = m.Number, Nodes = { TrafficWire.Write(m.Links) } },
            w => new(w.Epoch, w.Number, TrafficWire.Read(w.Nodes))),
        WireEntry.Of<RunBroken, Schema.RunBroken>(
            "run-broken",
            Schema.RunBroken.Parser,
            m => new() { Cause = m.Cause, Vertex = m.Vertex ?? "", Diverged = m.IsDiverged },
            w => new(w.Cause, w.Vertex.Length == 0 ? null : w.Vertex, w.Diverged)),
    ];

    private static IEnumerable<Schema.Tensor> Write(IReadOnlyList<Tensor<T>> tensors) => tensors.Select(TensorWire.Write);

    private static Tensor<T>[] Read(RepeatedField<Schema.Tensor> written) => [.. written.Select(TensorWire.Read<T>)];
}
