using System.Collections.Frozen;
using PcActors.Learning.Protocol;
using PcActors.Runs;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit;

/// <summary>A record as the checks see it, with what all of them look up.</summary>
/// <param name="Record">The record.</param>
/// <param name="Kind">Its kind; null for none that a run has.</param>
/// <param name="Step">The attempt that it names; the default for kinds that name none.</param>
/// <param name="Edge">Place of its edge in the graph; -1 for none.</param>
/// <param name="Status">How it stands to that attempt.</param>
internal readonly record struct AuditedMessage(TraceRecord Record, MessageKind? Kind, StepId Step, int Edge,
    MessageStatus Status)
{
    private static readonly FrozenDictionary<string, MessageKind> Kinds = MessageKind.All.Concat(RunKinds.All)
        .ToFrozenDictionary(k => k.Name);

    /// <summary>Whether it passes between vertices by its kind.</summary>
    public bool IsBetweenVertices => Kind is { Route: MessageRoute.BetweenVertices };

    /// <summary>The vertex that a message to or from the coordinator is about.</summary>
    public int Vertex => VertexOf(Kind, Record);

    /// <summary>The kind of a record's message; null for none that a run has.</summary>
    public static MessageKind? KindOf(TraceRecord record) => Kinds.GetValueOrDefault(record.Kind);

    /// <summary>The vertex at the end of a message of the coordinator, or at the beginning of one to it.</summary>
    public static int VertexOf(MessageKind? kind, TraceRecord record) =>
        kind is { Route: MessageRoute.FromVertex } ? record.From : record.To;
}

/// <summary>How a record stands to the attempt that it names.</summary>
internal enum MessageStatus
{
    /// <summary>It names no attempt.</summary>
    OfNoAttempt,

    /// <summary>It is the first of its place: its kind, edge or vertex, micro-batch and time.</summary>
    First,

    /// <summary>Its place is taken.</summary>
    Duplicate,

    /// <summary>There is no such place: another check says why.</summary>
    Misplaced,

    /// <summary>It belongs to an attempt that was abandoned some time ago.</summary>
    Stale,

    /// <summary>It names an attempt that is over, or one that cannot be.</summary>
    OutOfTurn,
}
