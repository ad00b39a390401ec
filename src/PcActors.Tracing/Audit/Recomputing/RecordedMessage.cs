using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit.Recomputing;

/// <summary>Makes the message of a record again.</summary>
internal static class RecordedMessage
{
    /// <summary>The message; null when it is none that vertices take.</summary>
    /// <exception cref="InvalidOperationException">The record lacks a part of the message.</exception>
    public static object? Of<T>(TraceRecord record)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var step = record.StepId;
        return MessageKinds.Of(record.Kind) switch
        {
            MessageKind.Value => new ValueMessage<T>(step, Micro(record), Time(record), Edge(record), Payload(record).ToTensor<T>(record.Shape!)),
            MessageKind.Error => new ErrorMessage<T>(step, Micro(record), Time(record), Edge(record), Payload(record).ToPullBack<T>(record.Shape!)),
            MessageKind.BeginStep => new BeginStep(step, record.Commit),
            MessageKind.Advance => new Advance(step, Time(record)),
            MessageKind.ClampData => new ClampData<T>(step, Micro(record), Payload(record).ToTensor<T>(record.Shape!)),
            MessageKind.ClampTarget => new ClampTarget<T>(
                step, Micro(record), Payload(record).ToTensor<T>(record.Shape!), record.BatchSize ?? throw Lacks(record, "batchSize")),
            MessageKind.RequestPrediction => new RequestPrediction(step, Micro(record)),
            MessageKind.RequestParameter => new RequestParameter(record.Commit),
            _ => null,
        };
    }

    private static int Micro(TraceRecord record) => record.MicroBatch ?? throw Lacks(record, "microBatch");

    private static int Time(TraceRecord record) => record.Time ?? throw Lacks(record, "time");

    private static int Edge(TraceRecord record) => record.Edge ?? throw Lacks(record, "edge");

    private static TracePayload Payload(TraceRecord record) => record.Payload ?? throw Lacks(record, "payload");

    private static InvalidOperationException Lacks(TraceRecord record, string key) => new($"a {record.Kind} lacks its {key}");
}
