using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Learning.Vertices;

namespace PcActors.Cluster.Wire;

/// <summary>From vertices to the coordinator.</summary>
internal static class ReportWire<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static IReadOnlyList<WireEntry> Entries { get; } =
    [
        WireEntry.Of<LossReport, Schema.LossReport>(
            "loss",
            Schema.LossReport.Parser,
            m => new() { Step = StepWire.Write(m.Step), MicroBatch = m.MicroBatch, Loss = m.Loss },
            w => new(StepWire.Read(w.Step), w.MicroBatch, w.Loss)),
        WireEntry.Of<ForwardReport, Schema.ForwardReport>(
            "forward",
            Schema.ForwardReport.Parser,
            m => new() { Step = StepWire.Write(m.Step), MicroBatch = m.MicroBatch },
            w => new(StepWire.Read(w.Step), w.MicroBatch)),
        WireEntry.Of<PredictionReport<T>, Schema.PredictionReport>(
            "prediction",
            Schema.PredictionReport.Parser,
            m => new() { Step = StepWire.Write(m.Step), MicroBatch = m.MicroBatch, Prediction = TensorWire.Write(m.Prediction) },
            w => new(StepWire.Read(w.Step), w.MicroBatch, TensorWire.Read<T>(w.Prediction))),
        WireEntry.Of<UpdateReport, Schema.UpdateReport>(
            "update",
            Schema.UpdateReport.Parser,
            m => new() { Step = StepWire.Write(m.Step), Vertex = m.Vertex },
            w => new(StepWire.Read(w.Step), w.Vertex)),
        WireEntry.Of<AdvanceReport, Schema.AdvanceReport>(
            "advanced",
            Schema.AdvanceReport.Parser,
            m => new() { Step = StepWire.Write(m.Step), Time = m.Time, Vertex = m.Vertex },
            w => new(StepWire.Read(w.Step), w.Time, w.Vertex)),
        WireEntry.Of<ParameterReport<T>, Schema.ParameterReport>(
            "parameter",
            Schema.ParameterReport.Parser,
            m => new() { Inquiry = m.Inquiry, Vertex = m.Vertex, Value = TensorWire.Write(m.Value) },
            w => new(w.Inquiry, w.Vertex, TensorWire.Read<T>(w.Value))),
        WireEntry.Of<CountersReport, Schema.CountersReport>(
            "counters",
            Schema.CountersReport.Parser,
            m => new() { Inquiry = m.Inquiry, Vertex = m.Vertex, Values = m.Values, Errors = m.Errors },
            w => new(w.Inquiry, w.Vertex, w.Values, w.Errors)),
        WireEntry.Of<FinitenessReport, Schema.FinitenessReport>(
            "finiteness",
            Schema.FinitenessReport.Parser,
            m => new() { Inquiry = m.Inquiry, Vertex = m.Vertex, Finite = m.Finite },
            w => new(w.Inquiry, w.Vertex, w.Finite)),
        WireEntry.Of<SnapshotReport<T>, Schema.SnapshotReport>(
            "snapshot",
            Schema.SnapshotReport.Parser,
            m => new() { Inquiry = m.Inquiry, Vertex = m.Vertex, Snapshot = Write(m.Snapshot) },
            w => new(w.Inquiry, w.Vertex, Read(w.Snapshot))),
    ];

    /// <summary>A parameter's state.</summary>
    public static Schema.ParameterSnapshot Write(ParameterSnapshot<T> snapshot)
    {
        var written = new Schema.ParameterSnapshot { Value = TensorWire.Write(snapshot.Value), Updates = snapshot.Updates };
        foreach (var tensor in snapshot.OptimizerState) written.OptimizerState.Add(TensorWire.Write(tensor));
        return written;
    }

    /// <exception cref="WireException">It is missing or does not hang together.</exception>
    public static ParameterSnapshot<T> Read(Schema.ParameterSnapshot? written)
    {
        if (written is null) throw new WireException("a parameter's state is missing");
        var snapshot = new ParameterSnapshot<T>(
            TensorWire.Read<T>(written.Value), written.Updates, [.. written.OptimizerState.Select(TensorWire.Read<T>)]);
        if (snapshot.Updates < 0 || snapshot.OptimizerState.Any(t => !t.Shape.Equals(snapshot.Value.Shape)))
            throw new WireException($"a state that does not fit a parameter of shape {snapshot.Value.Shape}");
        return snapshot;
    }
}
