using PcActors.Tensors;

namespace PcActors.Models;

/// <summary>What a ready-made architecture is fitted to, and the sizes that are not to be its own.</summary>
/// <param name="MicroBatchSize">Samples in one micro-batch.</param>
/// <param name="SampleShape">Shape of one sample, for example [64], [28, 28] or [3, 32, 32].</param>
/// <param name="ClassCount">Classes: units of the last layer.</param>
/// <param name="Seed">Seed of the initial values.</param>
public sealed record ModelOptions(int MicroBatchSize, Shape SampleShape, int ClassCount, ulong Seed)
{
    /// <summary>Units of the hidden layers; null for the architecture's own.</summary>
    public IReadOnlyList<int>? Hidden { get; init; }

    /// <summary>Channels of the convolutional layers, or of a residual network's stages; null for the architecture's own.</summary>
    public IReadOnlyList<int>? Channels { get; init; }

    /// <summary>Blocks of a transformer, or of each stage of a residual network; null for the architecture's own.</summary>
    public int? Layers { get; init; }

    /// <summary>Features of a token; null for the architecture's own.</summary>
    public int? Width { get; init; }

    /// <summary>Attention heads; null for the architecture's own.</summary>
    public int? Heads { get; init; }

    /// <summary>The sizes that are given.</summary>
    internal ModelSizes Given =>
        (Hidden is null ? 0 : ModelSizes.Hidden) | (Channels is null ? 0 : ModelSizes.Channels) | (Layers is null ? 0 : ModelSizes.Layers)
        | (Width is null ? 0 : ModelSizes.Width) | (Heads is null ? 0 : ModelSizes.Heads);
}
