using PcActors.Checkpoints;

namespace PcActors.Training;

/// <summary>When a training run is saved, and what is saved with it. It is saved at its end in any case, also when that
/// comes early.</summary>
public sealed record CheckpointPlan
{
    /// <summary>Where to.</summary>
    public required CheckpointStore Store { get; init; }

    /// <summary>What the network is: see <see cref="CheckpointModel"/>.</summary>
    public required string Model { get; init; }

    /// <summary>How often.</summary>
    public CheckpointInterval Every { get; init; } = new(TimeSpan.FromSeconds(60));

    /// <summary>How many checkpoints are kept, from 1.</summary>
    public int Keep { get; init; } = 2;

    /// <summary>What is saved besides the state of the training.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>();

    /// <summary>Told the step of each checkpoint that begins to be saved.</summary>
    public Action<long>? Begins { get; init; }

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

/// <summary>What became of a checkpoint.</summary>
/// <param name="Step">Training steps that its parameters have learnt from.</param>
/// <param name="Failure">Why it could not be saved, a sentence; null when it counts. That is no failure of the
/// run.</param>
public sealed record CheckpointOutcome(long Step, string? Failure = null);
