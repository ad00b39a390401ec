using System.Numerics;
using PcActors.Graphs;
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

    /// <summary>Channels of the convolutional layers, or of a residual network's stages; null for the
    /// architecture's own.</summary>
    public IReadOnlyList<int>? Channels { get; init; }

    /// <summary>Blocks of a transformer, or of each stage of a residual network; null for the
    /// architecture's own.</summary>
    public int? Layers { get; init; }

    /// <summary>Features of a token; null for the architecture's own.</summary>
    public int? Width { get; init; }

    /// <summary>Attention heads; null for the architecture's own.</summary>
    public int? Heads { get; init; }

    /// <summary>The sizes that are given.</summary>
    internal ModelSizes Given =>
        (Hidden is null ? 0 : ModelSizes.Hidden) | (Channels is null ? 0 : ModelSizes.Channels)
            | (Layers is null ? 0 : ModelSizes.Layers)
        | (Width is null ? 0 : ModelSizes.Width) | (Heads is null ? 0 : ModelSizes.Heads);
}

/// <summary>The sizes of an architecture that <see cref="ModelOptions"/> can set.</summary>
[Flags]
public enum ModelSizes
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><see cref="ModelOptions.Hidden"/>.</summary>
    Hidden = 1,

    /// <summary><see cref="ModelOptions.Channels"/>.</summary>
    Channels = 2,

    /// <summary><see cref="ModelOptions.Layers"/>.</summary>
    Layers = 4,

    /// <summary><see cref="ModelOptions.Width"/>.</summary>
    Width = 8,

    /// <summary><see cref="ModelOptions.Heads"/>.</summary>
    Heads = 16,
}

/// <summary>The ready-made architectures, by name.</summary>
public static class ModelCatalogue
{
    /// <summary>The architectures, the default first.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
        [new Mlp(), new Cnn(), new AlexNet(), new Rnn(), new Lstm(), new ResNet18(), new Transformer(), new Residual()];

    /// <summary>Their names, the default first.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(a => a.Name)];

    /// <summary>The architecture of a name.</summary>
    /// <exception cref="ArgumentException">There is no such name.</exception>
    public static Architecture Find(string name) => All.FirstOrDefault(a => a.Name == name)
        ?? throw new ArgumentException($"unknown model '{name}'; known are {string.Join(", ", Names)}");

    /// <summary>A network of a name.</summary>
    /// <exception cref="ArgumentException">There is no such name, or a size does not fit.</exception>
    /// <exception cref="Tensors.ShapeException">The architecture cannot take samples of this shape.</exception>
    public static Graph<T> Build<T>(string name, ModelOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Find(name).Build<T>(options);
}
