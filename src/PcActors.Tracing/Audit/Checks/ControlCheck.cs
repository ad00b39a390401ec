using PcActors.Tensors;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit.Checks;

/// <summary>Between coordinator and vertices pass control messages and reports, each to whom it concerns, and none carries a
/// tensor but the clamps of data and target.</summary>
/// <remarks>
/// Two reports carry a tensor, and neither can belong to learning. A prediction goes from the root to the coordinator in an
/// attempt in which there is no target; a parameter's value goes there when no training step is under way, that is, not
/// between the first message by which the coordinator begins an attempt and the taking of the last report that ends it.
/// A parameter's initial value comes with the first message of all, from whoever starts the vertices.
/// </remarks>
internal sealed class ControlCheck(AuditGraph graph) : Check(
    "control", "to and from the coordinator goes no tensor but the clamps of data and target; predictions and parameters are reported outside training steps alone", graph)
{
    // Parameters' reports whose time may yet turn out to lie within a training step.
    private readonly List<(long Sent, int Vertex)> _reports = [];
    private long? _began;
    private long _closedUntil;
    private long _firstStep = long.MaxValue;

    public override void See(in AuditedMessage message)
    {
        var (record, kind) = (message.Record, message.Kind);
        if (message.IsBetweenVertices)
        {
            if (record.To == TraceRecord.Coordinator)
                Violate(message, $"{Graph.Name(record.From, record.Sender)} sent the coordinator {(kind == MessageKind.Value ? "a value" : "an error")}");
            return;
        }
        if (!IsTo(kind, record)) Violate(message, $"{Graph.Name(record.From, record.Sender)} sent {Graph.Name(record.To)} a message of the kind {record.Kind}, which does not go there");
        else CheckTensor(message, TensorOf(kind, record));
        if (kind is MessageKind.ParameterReport or MessageKind.SnapshotReport) SeeReport(message);
    }

    public override void Close(Attempt attempt)
    {
        if (!attempt.HasBegun) return;
        // An attempt that is abandoned goes on as the next one.
        var began = Math.Min(_began ?? attempt.Began, attempt.Began);
        _began = attempt.IsAbandoned ? began : null;
        if (attempt.IsAbandoned) return;
        if (attempt.IsTraining)
        {
            foreach (var (sent, vertex) in _reports.Where(r => r.Sent > began && r.Sent < attempt.Ended))
                Violate($"{Graph.Name(vertex)} reported its value to the coordinator within a training step", attempt.Step, number: sent);
            for (var m = 0; m < attempt.MicroBatches; m++)
            {
                if (attempt.Prediction(m) is { Happened: true } prediction)
                    Violate($"{Graph.Name(Graph.Root)} reported its prediction to the coordinator in a training step", attempt.Step, number: prediction.Sent);
            }
        }
        _closedUntil = Math.Max(_closedUntil, attempt.HasEnded ? attempt.Ended : attempt.Began);
        _reports.RemoveAll(r => r.Sent < _closedUntil);
    }

    private void SeeReport(in AuditedMessage message)
    {
        // Many steps may be open at the end of a trace, but few reports: parameters are collected between steps.
        if (message.Record.N >= _closedUntil) _reports.Add((message.Record.N, message.Record.From));
    }

    private bool IsTo(MessageKind kind, TraceRecord record)
    {
        var (from, to) = (record.From, record.To);
        var isToVertex = Graph.IsVertex(to);
        var isFromVertex = Graph.IsVertex(from) && to == TraceRecord.Coordinator;
        return kind switch
        {
            MessageKind.BeginStep or MessageKind.RequestParameter or MessageKind.RequestSnapshot => isToVertex && Graph.IsParameter(to),
            MessageKind.Advance => isToVertex && Graph.Moves(to),
            MessageKind.ClampData => isToVertex && Graph.IsData(to),
            MessageKind.ClampTarget or MessageKind.RequestPrediction => to == Graph.Root,
            MessageKind.RequestCounters or MessageKind.RequestFiniteness => isToVertex,
            MessageKind.LossReport or MessageKind.ForwardReport or MessageKind.PredictionReport => isFromVertex && from == Graph.Root,
            MessageKind.UpdateReport => isFromVertex && Graph.Learns(from),
            MessageKind.AdvanceReport => isFromVertex && Graph.Moves(from),
            MessageKind.ParameterReport or MessageKind.SnapshotReport => isFromVertex && Graph.IsParameter(from),
            MessageKind.CountersReport or MessageKind.FinitenessReport => isFromVertex,
            MessageKind.Connect => isToVertex && from == TraceRecord.Other && record.N < _firstStep,
            // Whoever uses the run hands it work, the host says that the vertices are there, the coordinator looks at its clock.
            MessageKind.Housekeeping => to == TraceRecord.Coordinator && !Graph.IsVertex(from),
            _ => false,
        };
    }

    private Shape? TensorOf(MessageKind kind, TraceRecord record) => kind switch
    {
        MessageKind.ClampData or MessageKind.Connect => Graph.Vertices[record.To].Shape,
        MessageKind.PredictionReport or MessageKind.ParameterReport or MessageKind.SnapshotReport => Graph.Vertices[record.From].Shape,
        _ => null,
    };

    private void CheckTensor(in AuditedMessage message, Shape? wanted)
    {
        var record = message.Record;
        if (message.Kind == MessageKind.BeginStep) _firstStep = Math.Min(_firstStep, record.N);
        if (record.Shape is null && record.Bytes == 0 && record.Hash == 0 && record.Payload is null) return;
        // A target has the form that the loss takes; a batch is on its way to be clamped.
        if (message.Kind is MessageKind.ClampTarget or MessageKind.Housekeeping) return;
        if (wanted is null) Violate(message, $"a {record.Kind} from {Graph.Name(record.From, record.Sender)} to {Graph.Name(record.To)} carried a tensor of {record.Bytes} bytes");
        else if (!wanted.Equals(record.Shape)) Violate(message, $"a {record.Kind} from {Graph.Name(record.From, record.Sender)} to {Graph.Name(record.To)} carried a tensor of shape {record.Shape}; {wanted} is right");
    }
}
