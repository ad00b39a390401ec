using PcActors.Tensors;

namespace PcActors.Models;

/// <summary>What a ready-made architecture is fitted to.</summary>
/// <param name="MicroBatchSize">Samples in one micro-batch.</param>
/// <param name="SampleShape">Shape of one sample, for example [64].</param>
/// <param name="ClassCount">Classes: units of the last layer.</param>
/// <param name="Seed">Seed of the initial values.</param>
public sealed record ModelOptions(int MicroBatchSize, Shape SampleShape, int ClassCount, ulong Seed)
{
    /// <summary>Units of the hidden layers; null for the architecture's own.</summary>
    public IReadOnlyList<int>? Hidden { get; init; }
}
