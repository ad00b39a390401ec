using System.Numerics;
using Akka.Actor;
using PcActors.Learning.Protocol;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Recording;

/// <summary>Reads what a message is and carries.</summary>
internal abstract class TraceInspector
{
    /// <summary>Fills in a message's kind, step, place and content.</summary>
    public abstract void Inspect(object message, TraceRecord record);
}

/// <summary>Reads what messages with tensors of an element type are and carry.</summary>
/// <param name="payloads">Whether elements are copied.</param>
/// <param name="norms">Whether norms are computed.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class TraceInspector<T>(bool payloads, bool norms) : TraceInspector
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Inspect(object message, TraceRecord record)
    {
        switch (message)
        {
            case ValueMessage<T> value:
                Fill(record, TraceKind.Value, value.Step, value.MicroBatch, value.Time, value.Edge);
                Fill(record, value.Value);
                break;
            case ErrorMessage<T> error:
                Fill(record, TraceKind.Error, error.Step, error.MicroBatch, error.Time, error.Edge);
                Fill(record, error.Error);
                break;
            case AdvanceReport report:
                Fill(record, TraceKind.AdvanceReport, report.Step, time: report.Time);
                record.Vertex = report.Vertex;
                break;
            case Advance advance:
                Fill(record, TraceKind.Advance, advance.Step, time: advance.Time);
                break;
            case BeginStep begin:
                Fill(record, TraceKind.BeginStep, begin.Step);
                record.Commit = begin.Commit;
                break;
            case UpdateReport report:
                Fill(record, TraceKind.UpdateReport, report.Step);
                record.Vertex = report.Vertex;
                break;
            case ClampData<T> clamp:
                Fill(record, TraceKind.ClampData, clamp.Step, clamp.MicroBatch);
                Fill(record, clamp.Value);
                break;
            case ClampTarget<T> clamp:
                Fill(record, TraceKind.ClampTarget, clamp.Step, clamp.MicroBatch);
                Fill(record, clamp.Target);
                record.BatchSize = clamp.BatchSize;
                break;
            case LossReport report:
                Fill(record, TraceKind.LossReport, report.Step, report.MicroBatch);
                record.Loss = report.Loss;
                break;
            case ForwardReport report:
                Fill(record, TraceKind.ForwardReport, report.Step, report.MicroBatch);
                break;
            // What the scheduler sends, for one. A wrapper of anybody else may hold more than it shows.
            case IWrappedMessage { Message: { } wrapped } wrapper when wrapper.GetType().Assembly == typeof(IWrappedMessage).Assembly:
                Inspect(wrapped, record);
                break;
            default:
                InspectRare(message, record);
                break;
        }
    }

    private void InspectRare(object message, TraceRecord record)
    {
        switch (message)
        {
            case RequestPrediction request:
                Fill(record, TraceKind.RequestPrediction, request.Step, request.MicroBatch);
                break;
            case PredictionReport<T> report:
                Fill(record, TraceKind.PredictionReport, report.Step, report.MicroBatch);
                Fill(record, report.Prediction);
                break;
            case ParameterReport<T> report:
                (record.Kind, record.Vertex) = (TraceKind.ParameterReport, report.Vertex);
                Fill(record, report.Value);
                break;
            case CountersReport report:
                (record.Kind, record.Vertex) = (TraceKind.CountersReport, report.Vertex);
                break;
            case FinitenessReport report:
                (record.Kind, record.Vertex) = (TraceKind.FinitenessReport, report.Vertex);
                break;
            case Connect<T> connect:
                (record.Kind, record.Vertex) = (TraceKind.Connect, connect.Description.Id);
                if (connect.Description.Start is { } start) Fill(record, start.Value);
                break;
            case RequestParameter request:
                (record.Kind, record.Commit) = (TraceKind.RequestParameter, request.Commit);
                break;
            case SnapshotReport<T> report:
                (record.Kind, record.Vertex) = (TraceKind.SnapshotReport, report.Vertex);
                Fill(record, report.Snapshot.Value);
                foreach (var state in report.Snapshot.OptimizerState) record.Bytes += state.Bytes;
                break;
            case RequestCounters or RequestFiniteness or RequestSnapshot:
                record.Kind = TraceKind.Of(message.GetType());
                break;
            // What the program that owns the run asks, what the host says, and Akka's own: no vertex sends any of these.
            case Job or VerticesReady or VertexFailed or HostFailed or Tick or IPossiblyHarmful or IAutoReceivedMessage:
                record.Kind = TraceKind.Of(message.GetType());
                break;
            default:
                record.Kind = TraceKind.Of(message.GetType());
                Fill(record, TensorFinder.Find<T>(message));
                break;
        }
    }

    private static void Fill(TraceRecord record, string kind, StepId step, int? microBatch = null, int? time = null, int? edge = null)
    {
        record.Kind = kind;
        (record.Attempt, record.Step, record.Prediction) = (step.Run, step.Step, step.Prediction);
        (record.MicroBatch, record.Time, record.Edge) = (microBatch, time, edge);
    }

    private void Fill(TraceRecord record, Tensor<T> tensor)
    {
        record.Shape = tensor.Shape;
        record.Form = TraceForm.Whole;
        record.Bytes = tensor.Bytes;
        record.Hash = TraceHash.Of(tensor);
        if (norms) record.Norm = NormOf(tensor);
        if (payloads) record.Payload = TracePayload.Of(tensor);
    }

    private void Fill(TraceRecord record, PullBack<T> error)
    {
        if (error.Whole is { } whole)
        {
            Fill(record, whole);
            return;
        }
        record.Shape = error.Shape;
        record.Form = error.Factors is null ? TraceForm.Sum : TraceForm.Factored;
        record.Bytes = error.Bytes;
        record.Hash = TraceHash.Of(error);
        if (payloads) record.Payload = TracePayload.Of(error);
        if (!norms) return;
        var carriedOut = new Tensor<T>(error.Shape);
        error.WriteTo(carriedOut);
        record.Norm = NormOf(carriedOut);
    }

    private void Fill(TraceRecord record, IReadOnlyList<Tensor<T>> smuggled)
    {
        if (smuggled.Count == 0) return;
        var all = new Tensor<T>(new Shape(smuggled.Sum(t => t.Length)));
        var end = 0;
        foreach (var tensor in smuggled)
        {
            tensor.Span.CopyTo(all.Writable[end..]);
            end += tensor.Length;
        }
        Fill(record, smuggled is [var only] ? only : all);
    }

    private static double NormOf(Tensor<T> tensor) => Math.Sqrt(double.CreateTruncating(Reductions.SumSquares(tensor.Span)));
}
