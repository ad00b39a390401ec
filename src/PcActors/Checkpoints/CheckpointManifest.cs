using System.Numerics;
using PcActors.Learning;

namespace PcActors.Checkpoints;

/// <summary>What a checkpoint says of itself.</summary>
public sealed record CheckpointManifest
{
    /// <summary>The newest form that this library reads and writes.</summary>
    public const int CurrentFormat = 2;

    /// <summary>The form of the checkpoint.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Training steps that its parameters have learnt from.</summary>
    public required long Step { get; init; }

    /// <summary>Identifies the graph as it runs, its element type and what decides the bits of a step: see <see cref="CheckpointModel"/>.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of the states, by parameter name.</summary>
    public required IReadOnlyDictionary<string, string> Digests { get; init; }

    /// <summary>What whoever trains needs to go on: the place in the data, options. The store does not look into it.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>();

    /// <summary>Messages between vertices up to the step.</summary>
    public required MessageCounts Messages { get; init; }

    /// <summary>Bytes of all states' tensors.</summary>
    public required long Bytes { get; init; }

    /// <summary>When the states were those.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>The manifest of a network's states.</summary>
    /// <param name="step">Training steps that led there, those before a resumption included.</param>
    /// <param name="model">See <see cref="Model"/>.</param>
    /// <param name="notes">See <see cref="Notes"/>.</param>
    /// <param name="snapshot">The states.</param>
    /// <param name="time">When they were those.</param>
    public static CheckpointManifest Of<T>(
        long step, string model, IReadOnlyDictionary<string, string> notes, NetworkSnapshot<T> snapshot, DateTimeOffset time)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new()
        {
            Step = step,
            Model = model,
            Digests = snapshot.States.ToDictionary(s => s.Key, s => CheckpointFile.DigestOf(s.Value), StringComparer.Ordinal),
            Notes = notes,
            Messages = snapshot.Messages,
            Bytes = snapshot.States.Values.Sum(s => s.Bytes),
            Time = time,
        };
}

/// <summary>The checkpoints in a store.</summary>
/// <param name="Checkpoints">Those that count, the latest first.</param>
/// <param name="Refused">Why others do not, a sentence each, the latest first.</param>
public sealed record CheckpointList(IReadOnlyList<CheckpointManifest> Checkpoints, IReadOnlyList<string> Refused);
