namespace PcActors.Testing;

/// <summary>Which of the undelivered messages may come next.</summary>
public enum DeliveryOrder
{
    /// <summary>The one that was sent first.</summary>
    AsSent,

    /// <summary>Any, as long as messages from one sender to one receiver keep their order: all
    /// that Akka guarantees.</summary>
    Pairwise,

    /// <summary>Any at all.</summary>
    Arbitrary,
}

/// <summary>What becomes of a message.</summary>
public enum Fate
{
    /// <summary>It arrives once.</summary>
    Arrives,

    /// <summary>It is lost.</summary>
    IsLost,

    /// <summary>It arrives twice.</summary>
    ArrivesTwice,

    /// <summary>It arrives once now, and once more when the next attempt at a step has begun.</summary>
    ArrivesAgainLate,

    /// <summary>It arrives when the next attempt at a step has begun.</summary>
    ArrivesLate,
}

/// <summary>When, under lockstep, a timestep has ended.</summary>
public enum TimestepEnd
{
    /// <summary>When the vertices have reported, as in a real run.</summary>
    Reported,

    /// <summary>When no message is left, whatever was reported: for vertices that break the
    /// protocol on purpose.</summary>
    Quiet,
}

/// <summary>How messages travel in a <see cref="VertexNetwork{T}"/>. The same settings give the same run.</summary>
public sealed record Delivery
{
    /// <summary>Which message may come next.</summary>
    public DeliveryOrder Order { get; init; } = DeliveryOrder.Pairwise;

    /// <summary>Decides which one does.</summary>
    public ulong Seed { get; init; }

    /// <summary>What becomes of each message, the coordinator's and reports among them, as it is sent;
    /// null when all arrive.</summary>
    public Func<Envelope, Fate>? Faults { get; init; }

    /// <summary>How often a step is begun before it counts as stalled.</summary>
    public int MaxAttempts { get; init; } = 1;

    /// <summary>When a timestep has ended.</summary>
    public TimestepEnd TimestepEnd { get; init; } = TimestepEnd.Reported;
}
