using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit;

/// <summary>When a message arrived and was taken, by the run's sequence numbers, and the hash of what it carried.</summary>
/// <param name="Sent">Sequence number of its arrival, from 1: it was sent before this.</param>
/// <param name="Taken">Sequence number of its taking: what its receiver did about it came after this. When nobody took it,
/// <see cref="long.MaxValue"/>.</param>
/// <param name="Hash">Of the tensor; 0 for none.</param>
internal readonly record struct Transit(long Sent, long Taken, ulong Hash)
{
    /// <summary>Whether there was such a message.</summary>
    public bool Happened => Sent > 0;

    /// <summary>When it was taken; never, if there was none.</summary>
    public long TakenAt => Happened ? Taken : long.MaxValue;

    /// <summary>The transit of a record.</summary>
    public static Transit Of(TraceRecord record) =>
        new(Math.Max(1, record.N), record.Taken > 0 ? record.Taken : long.MaxValue, record.Hash);
}
