using System.Numerics;
using PcActors.Learning;
using PcActors.Learning.Protocol;
using PcActors.Learning.Vertices;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit.Recomputing;

/// <summary>One vertex, made from the header, that is fed its recorded messages; what it sends goes to the comparison.</summary>
internal sealed class RecomputedVertex<T>(VertexDescription<T> description, VertexOptions options, AuditGraph graph, Action<SentKey, SentContent> sent)
    : IOutbox<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly VertexState<T> _state = VertexState<T>.Create(description, options);
    private int _parameterReports;

    /// <summary>Whether it has refused a message: it is fed no more then.</summary>
    public bool HasRefused { get; private set; }

    /// <summary>Feeds it a record's message.</summary>
    /// <returns>Why it refused; null when it did not.</returns>
    public string? Take(TraceRecord record)
    {
        if (HasRefused) return null;
        try
        {
            if (RecordedMessage.Of<T>(record) is { } message) _state.Receive(message, this);
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // What it is fed comes from a file: whatever it makes of that is the audit's finding, and not the audit's end.
            HasRefused = true;
            return e.Message;
        }
    }

    void IOutbox<T>.SendValue(int consumer, ValueMessage<T> message) => sent(
        Key(graph.Edges[graph.PlaceOf(message.Edge)].To, MessageKind.Value, message.Step, message.Edge, message.MicroBatch, message.Time),
        new SentContent(TracePayload.Of(message.Value), null));

    void IOutbox<T>.SendError(int slot, ErrorMessage<T> message) => sent(
        Key(graph.Edges[graph.PlaceOf(message.Edge)].From, MessageKind.Error, message.Step, message.Edge, message.MicroBatch, message.Time),
        new SentContent(TracePayload.Of(message.Error), null));

    void IOutbox<T>.Report(object report)
    {
        switch (report)
        {
            case LossReport loss: sent(Report(MessageKind.LossReport, loss.Step, loss.MicroBatch), new SentContent(null, loss.Loss)); break;
            case ForwardReport forward: sent(Report(MessageKind.ForwardReport, forward.Step, forward.MicroBatch), default); break;
            case UpdateReport update: sent(Report(MessageKind.UpdateReport, update.Step), default); break;
            case AdvanceReport advance: sent(Report(MessageKind.AdvanceReport, advance.Step, time: advance.Time), default); break;
            case PredictionReport<T> prediction:
                sent(Report(MessageKind.PredictionReport, prediction.Step, prediction.MicroBatch), new SentContent(TracePayload.Of(prediction.Prediction), null));
                break;
            case ParameterReport<T> parameter:
                sent(Report(MessageKind.ParameterReport, default) with { Ordinal = ++_parameterReports }, new SentContent(TracePayload.Of(parameter.Value), null));
                break;
        }
    }

    private SentKey Report(MessageKind kind, StepId step, int microBatch = -1, int time = -1) =>
        Key(TraceRecord.Coordinator, kind, step, -1, microBatch, time);

    private SentKey Key(int to, MessageKind kind, StepId step, int edge, int microBatch, int time) =>
        new(description.Id, to, kind, step, edge, microBatch, time, 0);
}
