using PcActors.Learning.Protocol;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit;

/// <summary>A record as the checks see it, with what all of them look up.</summary>
/// <param name="Record">The record.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Step">The attempt that it names; the default for kinds that name none.</param>
/// <param name="Edge">Place of its edge in the graph; -1 for none.</param>
/// <param name="Status">How it stands to that attempt.</param>
internal readonly record struct AuditedMessage(TraceRecord Record, MessageKind Kind, StepId Step, int Edge, MessageStatus Status)
{
    /// <summary>Whether it passes between vertices by its kind.</summary>
    public bool IsBetweenVertices => Kind is MessageKind.Value or MessageKind.Error;
}
