namespace PcActors.Tracing.Audit;

/// <summary>How a record stands to the attempt that it names.</summary>
internal enum MessageStatus
{
    /// <summary>It names no attempt.</summary>
    OfNoAttempt,

    /// <summary>It is the first of its place: its kind, edge, micro-batch and time.</summary>
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
