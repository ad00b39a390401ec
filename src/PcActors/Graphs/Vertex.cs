using System.Numerics;
using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Graphs;

/// <summary>What a vertex is.</summary>
public enum VertexKind
{
    /// <summary>A leaf whose value is clamped to a batch's data at each step.</summary>
    Data,

    /// <summary>A leaf that holds its own value: a weight, a bias, a constant.</summary>
    Parameter,

    /// <summary>A vertex whose value is predicted from its inputs by an elementary function.</summary>
    Function,
}

/// <summary>One vertex of the computational graph, with one value. Immutable.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed record Vertex<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Index in <see cref="Graph{T}.Vertices"/>: inputs come before their consumers.</summary>
    public required int Id { get; init; }

    /// <summary>Unique within the graph.</summary>
    public required string Name { get; init; }

    /// <summary>Data, parameter or function.</summary>
    public required VertexKind Kind { get; init; }

    /// <summary>The value's shape, for one micro-batch.</summary>
    public required Shape Shape { get; init; }

    /// <summary>The function of a <see cref="VertexKind.Function"/> vertex; null for leaves.</summary>
    public ElementaryFunction<T>? Function { get; init; }

    /// <summary>A parameter's initial value; null for other vertices.</summary>
    public Tensor<T>? Initial { get; init; }

    /// <summary>Whether a parameter learns.</summary>
    public bool Trainable { get; init; }

    /// <summary>Where a parameter that is a block of a larger one lies in it; null when it is whole.</summary>
    public ParameterBlock? Block { get; init; }

    /// <summary>Whether the vertex was inserted by <see cref="Levelling"/> to delay its input by
    /// <see cref="Span"/> levels.</summary>
    public bool IsLevellingIdentity { get; init; }

    /// <summary>Levels, and so timesteps, for which an error stays at the vertex: 1, or for a levelling identity as
    /// many as there are between its input and its consumers.</summary>
    public int Span { get; init; } = 1;

    /// <summary>Whether a function vertex is latent: it holds a value of its own, which inference moves. A direct one
    /// is its prediction at every moment, and passes on what its consumers pull back.</summary>
    public bool IsLatent { get; init; }

    /// <summary>Whether a data leaf is free: inference moves it from the value that it is given.</summary>
    public bool IsFree { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Function?.OperatorType ?? Kind.ToString()} {Shape}";
}

/// <summary>The place of a block in the parameter that it was cut from.</summary>
/// <param name="Parameter">The whole parameter's name.</param>
/// <param name="Shape">The whole parameter's shape.</param>
/// <param name="Start">Where the block starts, on each axis.</param>
public sealed record ParameterBlock(string Parameter, Shape Shape, IReadOnlyList<int> Start);

/// <summary>An edge: the value of <paramref name="From"/> is an input of <paramref name="To"/>.</summary>
/// <param name="Number">Unique within the graph. An edge keeps its number when the graph is levelled.</param>
/// <param name="From">Id of the input vertex.</param>
/// <param name="To">Id of the consumer.</param>
/// <param name="Slot">Which input of the consumer's function it is, from 0.</param>
public readonly record struct Edge(int Number, int From, int To, int Slot)
{
    /// <summary>Whether it leads back, to a vertex before its own or to itself, and so closes a cycle.</summary>
    public bool IsRecurrent => From >= To;
}
