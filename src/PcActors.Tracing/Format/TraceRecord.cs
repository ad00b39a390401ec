using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Tracing.Format;

/// <summary>One message, as the mailbox that it came to saw it.</summary>
/// <remarks><see cref="N"/> and <see cref="Taken"/> are drawn from one counter: of two such
/// events, the one with the smaller number was earlier. A record is written when its message has been handled, so
/// records are not in order of these.</remarks>
public sealed record TraceRecord
{
    /// <summary>In <see cref="From"/> or <see cref="To"/>: the coordinator.</summary>
    public const int Coordinator = -1;

    /// <summary>In <see cref="From"/>: neither a vertex nor the coordinator; <see cref="Sender"/> says who.</summary>
    public const int Other = -2;

    /// <summary>Sequence number of the arrival, from 1.</summary>
    public long N { get; set; }

    /// <summary>Sequence number of the taking out of the mailbox; 0 when the mailbox was closed before.</summary>
    public long Taken { get; set; }

    /// <summary>When it arrived, in nanoseconds since the run's start.</summary>
    public long ArrivedAt { get; set; }

    /// <summary>When it was taken.</summary>
    public long TakenAt { get; set; }

    /// <summary>When the mailbox was asked for the next one.</summary>
    public long DoneAt { get; set; }

    /// <summary>The node on which the receiver lives.</summary>
    public string Node { get; set; } = "local";

    /// <summary>Id of the sending vertex, <see cref="Coordinator"/> or <see cref="Other"/>.</summary>
    public int From { get; set; }

    /// <summary>Path of a sender that is neither a vertex nor the coordinator.</summary>
    public string? Sender { get; set; }

    /// <summary>Id of the receiving vertex, or <see cref="Coordinator"/>.</summary>
    public int To { get; set; }

    /// <summary>What it is: its type's name, in camel case, without "Message".</summary>
    public string Kind { get; set; } = "";

    /// <summary>The training step that it belongs to, from 1; of a prediction, the one before, or 0. 0 for a
    /// message outside steps.</summary>
    public long Step { get; set; }

    /// <summary>Which prediction since that step it belongs to, from 1; 0 for a training
    /// step, or outside steps.</summary>
    public int Prediction { get; set; }

    /// <summary>Of a prediction: whether it infers, with vertices clamped by hand.</summary>
    public bool Infers { get; set; }

    /// <summary>The run's number (<see cref="StepId.Run"/>), raised with each attempt that is abandoned; 0 for a
    /// message outside steps.</summary>
    public int Attempt { get; set; }

    /// <summary>The micro-batch; -1 for a value that is the same in all of them.</summary>
    public int? MicroBatch { get; set; }

    /// <summary>The timestep.</summary>
    public int? Time { get; set; }

    /// <summary>Of an advance: what the timestep is for.</summary>
    public TimestepPurpose? Purpose { get; set; }

    /// <summary>Number of the edge along which it travelled.</summary>
    public int? Edge { get; set; }

    /// <summary>Of a beginStep: the step whose update is taken over.</summary>
    public StepId? Commit { get; set; }

    /// <summary>Of a clampTarget: samples of the whole batch.</summary>
    public int? BatchSize { get; set; }

    /// <summary>Of a report: the id that the vertex gave for itself.</summary>
    public int? Vertex { get; set; }

    /// <summary>Of a lossReport: the loss.</summary>
    public double? Loss { get; set; }

    /// <summary>Of an advanceReport: the vertex's energy, summed over samples.</summary>
    public double? Energy { get; set; }

    /// <summary>Shape of the tensor, or of what its factors come to; null when the message holds none.</summary>
    public Shape? Shape { get; set; }

    /// <summary>How the tensor travels.</summary>
    public TraceForm Form { get; set; }

    /// <summary>Bytes of the elements that travel, factors' where it is factored.</summary>
    public long Bytes { get; set; }

    /// <summary>Hash of these bytes: <see cref="TraceHash"/>.</summary>
    public ulong Hash { get; set; }

    /// <summary>The tensor's Euclidean norm, where the run was asked for norms.</summary>
    public double? Norm { get; set; }

    /// <summary>The elements, where the run was asked for them.</summary>
    public TracePayload? Payload { get; set; }

    /// <summary>Of a clamp: whether a mask leaves some of it free.</summary>
    public bool IsMasked { get; set; }

    /// <summary>The elements of the mask, where a clamp has one and the run was asked for elements.</summary>
    public TracePayload? Mask { get; set; }

    /// <summary>What the parameter's optimizer had gathered, where the message carries that too and the run was
    /// asked for elements.</summary>
    public TraceState? State { get; set; }

    /// <summary>The attempt at a step that the message belongs to.</summary>
    public StepId StepId
    {
        get => new(Attempt, Step, Prediction, Infers);
        internal set => (Attempt, Step, Prediction, Infers) = (value.Run, value.Step, value.Prediction, value.Infers);
    }

    /// <summary>Whether it belongs to a step or a prediction.</summary>
    public bool IsOfStep => Step != 0 || Attempt != 0;

    /// <summary>Whether it is a value or an error: all that may pass between vertices.</summary>
    public bool IsBetweenVertices => Kind == MessageKind.Value.Name || Kind == MessageKind.Error.Name;
}

/// <summary>How a message's tensor travels.</summary>
public enum TraceForm
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Its elements.</summary>
    Whole,

    /// <summary>Two factors whose product it is.</summary>
    Factored,

    /// <summary>A sum of such products, behind a first term that may be whole.</summary>
    Sum,
}

/// <summary>How much a trace holds.</summary>
/// <param name="Messages">Records.</param>
/// <param name="Values">Of these, values between vertices.</param>
/// <param name="Errors">Of these, errors between vertices.</param>
/// <param name="Bytes">Bytes of all tensors' elements, as they travelled.</param>
public readonly record struct TraceTotals(long Messages, long Values, long Errors, long Bytes)
{
    /// <summary>Records that are neither values nor errors.</summary>
    public long Control => Messages - Values - Errors;

    /// <summary>The totals with one more record.</summary>
    public TraceTotals With(TraceRecord record) => new(
        Messages + 1,
        Values + (record.Kind == MessageKind.Value.Name ? 1 : 0),
        Errors + (record.Kind == MessageKind.Error.Name ? 1 : 0),
        Bytes + record.Bytes);
}
