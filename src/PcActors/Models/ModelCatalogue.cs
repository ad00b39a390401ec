using System.Numerics;
using PcActors.Graphs;

namespace PcActors.Models;

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
