namespace PcActors.Tracing.Audit.Recomputing;

/// <summary>Brings together what a vertex was recorded to have sent and what it sends when it is fed anew. Either may come first:
/// a receiver may be done with a message before its sender is.</summary>
internal sealed class SentMessages
{
    private readonly Dictionary<SentKey, SentContent> _recorded = [];
    private readonly Dictionary<SentKey, SentContent> _recomputed = [];

    /// <summary>Messages that were brought together.</summary>
    public long Compared { get; private set; }

    /// <summary>What was recorded and not recomputed so far.</summary>
    public IReadOnlyDictionary<SentKey, SentContent> OnlyRecorded => _recorded;

    /// <summary>What was recomputed and not recorded so far.</summary>
    public IReadOnlyDictionary<SentKey, SentContent> OnlyRecomputed => _recomputed;

    /// <summary>Adds a recorded message.</summary>
    /// <returns>What is wrong with it; null when nothing is, or when its counterpart has not come.</returns>
    public string? AddRecorded(SentKey key, SentContent content) => Add(key, content, _recorded, _recomputed);

    /// <summary>Adds a recomputed message.</summary>
    /// <returns>What is wrong with it; null when nothing is, or when its counterpart has not come.</returns>
    public string? AddRecomputed(SentKey key, SentContent content) => Add(key, content, _recomputed, _recorded);

    private string? Add(
        SentKey key, SentContent content, Dictionary<SentKey, SentContent> own, Dictionary<SentKey, SentContent> others)
    {
        if (others.Remove(key, out var other))
        {
            Compared++;
            return content.IsSame(other) ? null : "carried other bits than its vertex, fed with what it had taken, sends";
        }
        return own.TryAdd(key, content) ? null : "was sent twice";
    }
}
