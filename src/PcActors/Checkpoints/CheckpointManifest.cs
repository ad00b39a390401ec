using PcActors.Learning.Instruments;

namespace PcActors.Checkpoints;

/// <summary>What a checkpoint says of itself.</summary>
public sealed record CheckpointManifest
{
    /// <summary>The newest form that this library reads and writes.</summary>
    public const int CurrentFormat = 3;

    /// <summary>The form of the checkpoint.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Training steps that its parameters have learnt from, those before a resumption included.</summary>
    public required long Step { get; init; }

    /// <summary>Identifies the graph as it runs, its element type and what decides the bits of a step: see
    /// <see cref="CheckpointModel"/>.</summary>
    public required string Model { get; init; }

    /// <summary>What whoever trains needs to go on: the place in the data, options. The store does not look into
    /// it.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>();

    /// <summary>When the states were those.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>SHA-256 of the states, by parameter name. This and what follows is filled in from the states.</summary>
    public IReadOnlyDictionary<string, string> Digests { get; init; } = new Dictionary<string, string>();

    /// <summary>Messages between vertices up to the step.</summary>
    public MessageCounts Messages { get; init; } = new(0, 0);

    /// <summary>The network's <see cref="PcActors.Runs.NetworkOptions.Seed"/>; null in the checkpoints of versions
    /// that did not keep it.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Bytes of all states' tensors.</summary>
    public long Bytes { get; init; }
}

/// <summary>The checkpoints in a store.</summary>
/// <param name="Checkpoints">Those that count, the latest first.</param>
/// <param name="Refused">Why others do not, a sentence each, the latest first.</param>
public sealed record CheckpointList(IReadOnlyList<CheckpointManifest> Checkpoints, IReadOnlyList<string> Refused);
