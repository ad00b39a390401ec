using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Learning.Vertices;

/// <summary>All that a vertex knows of its network: itself and its own edges.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed record VertexDescription<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Id in its graph.</summary>
    public required int Id { get; init; }

    /// <summary>Name in its graph.</summary>
    public required string Name { get; init; }

    /// <summary>Data, parameter or function.</summary>
    public required VertexKind Kind { get; init; }

    /// <summary>Steps between it and the root, along the longest path.</summary>
    public required int Level { get; init; }

    /// <summary>Timesteps for which an error stays with it: 1, or of a levelling identity more.</summary>
    public int Span { get; init; } = 1;

    /// <summary>Under Z-IL, the timestep at which its consumers' errors come. They act at its level.</summary>
    internal int ErrorTime => Level - Span + 1;

    /// <summary>Shape of its value, for one micro-batch.</summary>
    public required Shape Shape { get; init; }

    /// <summary>Its function; null for leaves.</summary>
    public ElementaryFunction<T>? Function { get; init; }

    /// <summary>What a parameter begins with: its initial value, or all that an earlier run ended with. Null
    /// for other vertices.</summary>
    public ParameterSnapshot<T>? Start { get; init; }

    /// <summary>What moves it, if it is a parameter that is a running statistic.</summary>
    public RunningStatistic? Running { get; init; }

    /// <summary>Whether an error has to reach it.</summary>
    public bool RequiresError { get; init; }

    /// <summary>Whether its value differs between micro-batches.</summary>
    public bool DependsOnData { get; init; }

    /// <summary>Whether it is latent: it holds a value of its own.</summary>
    public bool IsLatent { get; init; }

    /// <summary>Whether it is a free data leaf.</summary>
    public bool IsFree { get; init; }

    /// <summary>Whether inference changes its value.</summary>
    public bool Moves { get; init; }

    /// <summary>Whether inference needs the errors that come to it: see <see cref="Graph{T}.Infers"/>.</summary>
    public bool Infers { get; init; }

    /// <summary>Whether learning needs them: see <see cref="Graph{T}.Learns"/>.</summary>
    public bool Learns { get; init; }

    /// <summary>Its input edges, by slot.</summary>
    public required IReadOnlyList<InputEdge> Inputs { get; init; }

    /// <summary>The edges to its consumers, in the canonical order in which their errors are summed.</summary>
    public required IReadOnlyList<ConsumerEdge> Consumers { get; init; }

    /// <summary>Whether it has no consumer.</summary>
    public bool IsRoot => Consumers.Count == 0;

    /// <summary>Whether the forward initialisation ends with it: its value goes on only where it closes a
    /// cycle.</summary>
    internal bool IsEnd => Function is not null && Consumers.All(c => c.IsRecurrent);

    /// <summary>What a vertex of a graph knows.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="id">The vertex's id.</param>
    /// <param name="restored">What a parameter goes on from, in place of its initial value.</param>
    public static VertexDescription<T> Of(Graph<T> graph, int id, ParameterSnapshot<T>? restored = null)
    {
        var vertex = graph.Vertices[id];
        return new VertexDescription<T>
        {
            Id = id,
            Name = vertex.Name,
            Kind = vertex.Kind,
            Level = graph.Level(id),
            Span = vertex.Span,
            Shape = vertex.Shape,
            Function = vertex.Function,
            Start = restored ?? (vertex.Initial is { } initial ? new ParameterSnapshot<T>(initial, 0, []) : null),
            Running = vertex.Kind == VertexKind.Parameter ? graph.Running(id) : null,
            RequiresError = graph.RequiresError(id),
            DependsOnData = graph.DependsOnData(id),
            IsLatent = vertex.IsLatent,
            IsFree = vertex.IsFree,
            Moves = graph.Moves(id),
            Infers = graph.Infers(id),
            Learns = graph.Learns(id),
            Inputs = Describe(graph.Inputs(id), e => new InputEdge(
                e.Number,
                graph.Vertices[e.From].Shape,
                graph.CarriesError(e),
                graph.DependsOnData(e.From),
                graph.Moves(e.From),
                graph.Infers(e.From),
                graph.Learns(e.From),
                e.IsRecurrent)),
            Consumers = Describe(graph.Consumers(id),
                e => new ConsumerEdge(e.Number, graph.CarriesError(e), e.IsRecurrent)),
        };
    }

    /// <summary>Slots that errors go back to: down the wave first, then to what does not
    /// depend on data, whose work is off the wave's path.</summary>
    internal SlotOrder PullBackOrder() =>
        new([.. Enumerable.Range(0, Inputs.Count)
            .Where(slot => Inputs[slot].CarriesError)
            .OrderBy(slot => Inputs[slot].DependsOnData ? 0 : 1)]);

    /// <summary>Its input edges' numbers, by slot.</summary>
    internal EdgeIndex InputEdges() => new(Inputs.Select(i => i.Edge));

    /// <summary>The numbers of the edges along which its consumers' errors come, in canonical order.</summary>
    internal EdgeIndex ErrorEdges() => new(Consumers.Where(c => c.CarriesError).Select(c => c.Edge));

    private static TEdge[] Describe<TEdge>(IReadOnlyList<Edge> edges, Func<Edge, TEdge> describe)
    {
        var described = edges.Count == 0 ? [] : new TEdge[edges.Count];
        for (var i = 0; i < described.Length; i++) described[i] = describe(edges[i]);
        return described;
    }
}

/// <summary>An edge as its consumer sees it.</summary>
/// <param name="Edge">Its number.</param>
/// <param name="Shape">Shape of the values that arrive.</param>
/// <param name="CarriesError">Whether an error goes back along it.</param>
/// <param name="DependsOnData">Whether a value arrives for each micro-batch, rather than one for all.</param>
/// <param name="Moves">Whether inference changes the input's value.</param>
/// <param name="Infers">Whether inference needs the errors that go back along it.</param>
/// <param name="Learns">Whether learning needs them. Where parameters learn at every timestep, the input's value
/// changes with them.</param>
/// <param name="IsRecurrent">Whether it leads back, and so closes a cycle.</param>
public readonly record struct InputEdge(
    int Edge, Shape Shape, bool CarriesError, bool DependsOnData, bool Moves, bool Infers = false,
    bool Learns = false, bool IsRecurrent = false);

/// <summary>An edge as its input sees it.</summary>
/// <param name="Edge">Its number.</param>
/// <param name="CarriesError">Whether an error comes back along it.</param>
/// <param name="IsRecurrent">Whether it leads back, and so closes a cycle.</param>
public readonly record struct ConsumerEdge(int Edge, bool CarriesError, bool IsRecurrent = false);
