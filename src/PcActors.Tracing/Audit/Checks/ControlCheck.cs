using PcActors.Learning.Protocol;
using PcActors.Tensors;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit.Checks;

/// <summary>Between coordinator and vertices pass control messages and reports, each to whom
/// it concerns, and none carries a tensor but the clamps of data and target.</summary>
/// <remarks>
/// Two reports carry a tensor, and neither can belong to learning. A prediction goes from the
/// root to the coordinator in an attempt in which there is no target; a parameter's value goes there when no training
/// step is under way, that is, not between the first message by which the coordinator begins an attempt and the taking
/// of the last report that ends it. A parameter's initial value comes with the first message of all,
/// from whoever starts the vertices.
/// </remarks>
internal sealed class ControlCheck(AuditGraph graph, int microBatches) : Check(
    "control",
    "to and from the coordinator goes no tensor but the clamps of data and target; predictions and parameters are "
    + "reported outside training steps alone", graph)
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
                Violate(message,
                    $"{Graph.Name(record.From, record.Sender)} sent the coordinator "
                    + $"{(kind == MessageKind.Value ? "a value" : "an error")}");
            return;
        }
        if (!IsTo(kind, record))
            Violate(message,
                $"{Graph.Name(record.From, record.Sender)} sent {Graph.Name(record.To)} a message of the kind "
                + $"{record.Kind}, which does not go there");
        else CheckTensor(message,
            kind is { CarriesTensor: true, Route: not MessageRoute.ToCoordinator }
                ? Graph.Vertices[message.Vertex].Shape
                : null);
        // Many steps may be open at the end of a trace, but few reports: parameters are collected between steps.
        if (kind is { Route: MessageRoute.FromVertex, CarriesTensor: true, IsOfAttempt: false }
            && record.N >= _closedUntil) _reports.Add((record.N, record.From));
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
                Violate($"{Graph.Name(vertex)} reported its value to the coordinator within a training step",
                    attempt.Step, number: sent);
            for (var m = 0; m < attempt.MicroBatches; m++)
            {
                if (attempt[MessageKind.PredictionReport, Graph.Root, m] is { Happened: true } prediction)
                    Violate($"{Graph.Name(Graph.Root)} reported its prediction to the coordinator in a training step",
                        attempt.Step, number: prediction.Sent);
            }
        }
        _closedUntil = Math.Max(_closedUntil, attempt.HasEnded ? attempt.Ended : attempt.Began);
        _reports.RemoveAll(r => r.Sent < _closedUntil);
    }

    private bool IsTo(MessageKind? kind, TraceRecord record) => kind?.Route switch
    {
        MessageRoute.ToVertex => Graph.IsIn(kind.Vertices, record.To),
        MessageRoute.FromVertex => record.To == TraceRecord.Coordinator && Graph.IsIn(kind.Vertices, record.From),
        MessageRoute.Start => Graph.IsVertex(record.To) && record.From == TraceRecord.Other && record.N < _firstStep,
        // Whoever uses the run hands it work, the host says that the vertices are there, the
        // coordinator looks at its clock.
        MessageRoute.ToCoordinator => record.To == TraceRecord.Coordinator && !Graph.IsVertex(record.From),
        _ => false,
    };

    private void CheckTensor(in AuditedMessage message, Shape? wanted)
    {
        var record = message.Record;
        if (message.Kind == MessageKind.BeginStep) _firstStep = Math.Min(_firstStep, record.N);
        if (record.Shape is null && record.Bytes == 0 && record.Hash == 0 && record.Payload is null) return;
        // A target has the form that the loss takes; a batch is on its way to be clamped.
        if (message.Kind == MessageKind.ClampTarget || message.Kind is { Route: MessageRoute.ToCoordinator }) return;
        if (wanted is null)
            Violate(message,
                $"a {record.Kind} from {Graph.Name(record.From, record.Sender)} to {Graph.Name(record.To)} carried a "
                + $"tensor of {record.Bytes} bytes");
        else if (!wanted.Equals(record.Shape)
            && !(message.Kind == MessageKind.ValueReport && wanted.Rank > 0 && microBatches > 1
                && wanted.With(0, wanted[0] * microBatches).Equals(record.Shape)))
            Violate(message,
                $"a {record.Kind} from {Graph.Name(record.From, record.Sender)} to {Graph.Name(record.To)} carried a "
                + $"tensor of shape {record.Shape}; {wanted} is right");
    }
}
