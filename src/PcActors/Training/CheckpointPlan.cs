using PcActors.Learning;

namespace PcActors.Training;

/// <summary>When a training run is saved, and what is saved with it. It is saved at its end in any case, also when that comes early.</summary>
public sealed record CheckpointPlan
{
    /// <summary>Who saves the network.</summary>
    public required ICheckpoints Checkpoints { get; init; }

    /// <summary>How often.</summary>
    public CheckpointInterval Every { get; init; } = new(TimeSpan.FromSeconds(60));

    /// <summary>What is saved besides the state of the training.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>();

    /// <summary>Told what became of each checkpoint, between steps.</summary>
    public Action<CheckpointOutcome>? Report { get; init; }
}

/// <summary>How often: after so many steps, or after so long.</summary>
public readonly record struct CheckpointInterval
{
    /// <summary>After steps.</summary>
    /// <param name="steps">At least 1.</param>
    public CheckpointInterval(long steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        Steps = steps;
    }

    /// <summary>After a time.</summary>
    /// <param name="time">Positive.</param>
    public CheckpointInterval(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero);
        Time = time;
    }

    /// <summary>The number of steps; null for a time.</summary>
    public long? Steps { get; }

    /// <summary>The time; null for a number of steps.</summary>
    public TimeSpan? Time { get; }
}
