using PcActors.Tensors;

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

    public override void See(in Passing passing)
    {
        var (record, traffic) = (passing.Record, passing.Traffic);
        if (passing.IsBetweenVertices)
        {
            if (record.To == TraceRecord.Coordinator)
                Violate(passing, $"{Graph.Name(record.From, record.Sender)} sent the coordinator {(traffic == Traffic.Value ? "a value" : "an error")}");
            return;
        }
        if (!IsTo(traffic, record)) Violate(passing, $"{Graph.Name(record.From, record.Sender)} sent {Graph.Name(record.To)} a message of the kind {record.Kind}, which does not go there");
        else CheckTensor(passing, TensorOf(traffic, record));
        if (traffic is Traffic.ParameterReport or Traffic.SnapshotReport) SeeReport(passing);
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

    private void SeeReport(in Passing passing)
    {
        // Many steps may be open at the end of a trace, but few reports: parameters are collected between steps.
        if (passing.Record.N >= _closedUntil) _reports.Add((passing.Record.N, passing.Record.From));
    }

    private bool IsTo(Traffic traffic, TraceRecord record)
    {
        var (from, to) = (record.From, record.To);
        var isToVertex = Graph.IsVertex(to);
        var isFromVertex = Graph.IsVertex(from) && to == TraceRecord.Coordinator;
        return traffic switch
        {
            Traffic.BeginStep or Traffic.RequestParameter or Traffic.RequestSnapshot => isToVertex && Graph.IsParameter(to),
            Traffic.Advance => isToVertex && Graph.Moves(to),
            Traffic.ClampData => isToVertex && Graph.IsData(to),
            Traffic.ClampTarget or Traffic.RequestPrediction => to == Graph.Root,
            Traffic.RequestCounters or Traffic.RequestFiniteness => isToVertex,
            Traffic.LossReport or Traffic.ForwardReport or Traffic.PredictionReport => isFromVertex && from == Graph.Root,
            Traffic.UpdateReport => isFromVertex && Graph.Learns(from),
            Traffic.AdvanceReport => isFromVertex && Graph.Moves(from),
            Traffic.ParameterReport or Traffic.SnapshotReport => isFromVertex && Graph.IsParameter(from),
            Traffic.CountersReport or Traffic.FinitenessReport => isFromVertex,
            Traffic.Connect => isToVertex && from == TraceRecord.Other && record.N < _firstStep,
            // Whoever uses the run hands it work, the host says that the vertices are there, the coordinator looks at its clock.
            Traffic.Housekeeping => to == TraceRecord.Coordinator && !Graph.IsVertex(from),
            _ => false,
        };
    }

    private Shape? TensorOf(Traffic traffic, TraceRecord record) => traffic switch
    {
        Traffic.ClampData or Traffic.Connect => Graph.Vertices[record.To].Shape,
        Traffic.PredictionReport or Traffic.ParameterReport or Traffic.SnapshotReport => Graph.Vertices[record.From].Shape,
        _ => null,
    };

    private void CheckTensor(in Passing passing, Shape? wanted)
    {
        var record = passing.Record;
        if (passing.Traffic == Traffic.BeginStep) _firstStep = Math.Min(_firstStep, record.N);
        if (record.Shape is null && record.Bytes == 0 && record.Hash == 0 && record.Payload is null) return;
        // A target has the form that the loss takes; a batch is on its way to be clamped.
        if (passing.Traffic is Traffic.ClampTarget or Traffic.Housekeeping) return;
        if (wanted is null) Violate(passing, $"a {record.Kind} from {Graph.Name(record.From, record.Sender)} to {Graph.Name(record.To)} carried a tensor of {record.Bytes} bytes");
        else if (!wanted.Equals(record.Shape)) Violate(passing, $"a {record.Kind} from {Graph.Name(record.From, record.Sender)} to {Graph.Name(record.To)} carried a tensor of shape {record.Shape}; {wanted} is right");
    }
}
