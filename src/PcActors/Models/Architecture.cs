using System.Numerics;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Models;

/// <summary>A ready-made architecture: it builds a graph for samples of any shape that it can take.</summary>
/// <param name="name">What it is called.</param>
/// <param name="description">One line about it.</param>
/// <param name="sizes">The sizes that can be set.</param>
public abstract class Architecture(string name, string description, ModelSizes sizes)
{
    /// <summary>What it is called.</summary>
    public string Name { get; } = name;

    /// <summary>One line about it.</summary>
    public string Description { get; } = description;

    /// <summary>The sizes that can be set.</summary>
    public ModelSizes Sizes { get; } = sizes;

    /// <summary>Shape of the samples to which the architecture is usually fitted, and at which
    /// its own sizes are those of the literature: [28, 28] for Fashion-MNIST, [3, 32, 32] for CIFAR-10.</summary>
    public abstract Shape UsualSample { get; }

    /// <summary>Samples of a batch with which an update of the network at its usual size is usually made.</summary>
    public abstract int UsualBatch { get; }

    /// <summary>Whether it takes samples of three axes as images whose channels come first.</summary>
    internal virtual bool TakesChannels => false;

    /// <summary>A network of this architecture.</summary>
    /// <exception cref="ArgumentException">A size is not positive, is none of this architecture's, or
    /// does not fit another.</exception>
    /// <exception cref="ShapeException">The architecture cannot take samples of this shape.</exception>
    public Graph<T> Build<T>(ModelOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if ((options.Given & ~Sizes) is var foreign and not 0)
            throw new ArgumentException(
                $"the model '{Name}' has no size called {Names(foreign)}; it has {Names(Sizes)}");
        RequirePositive(options.Hidden, "a hidden layer", "units");
        RequirePositive(options.Channels, "a layer", "channels");
        RequirePositive(Listed(options.Layers), "the model", "layers");
        RequirePositive(Listed(options.Width), "a token", "features");
        RequirePositive(Listed(options.Heads), "the model", "heads");
        return Create<T>(options);
    }

    private protected abstract Graph<T> Create<T>(ModelOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The list of sizes given, or the architecture's own, whose number is fixed.</summary>
    private protected IReadOnlyList<int> ListOf(IReadOnlyList<int>? given, string what, params int[] own) =>
        given is null || given.Count == own.Length
            ? given ?? own
            : throw new ArgumentException(
                $"the model '{Name}' takes {own.Length} {what}, and {given.Count} were given");

    private static int[]? Listed(int? size) => size is { } one ? [one] : null;

    private static void RequirePositive(IReadOnlyList<int>? sizes, string owner, string what)
    {
        foreach (var size in sizes ?? [])
        {
            if (size < 1) throw new ArgumentException($"{owner} has {size} {what}; it needs at least 1");
        }
    }

    private static string Names(ModelSizes sizes) =>
        sizes == 0 ? "none" : string.Join(", ", sizes.ToString().ToLowerInvariant());
}
