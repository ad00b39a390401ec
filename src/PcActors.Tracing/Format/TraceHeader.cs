using System.Numerics;
using System.Text.Json.Serialization;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Schedules;
using PcActors.Tensors;

namespace PcActors.Tracing.Format;

/// <summary>The first line of a trace: what ran. From it alone a vertex of the run can be made again, but
/// for initial values.</summary>
public sealed record TraceHeader
{
    /// <summary>The version of the format that is written and read here.</summary>
    public const int CurrentVersion = 2;

    /// <summary>Version of the format.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Names the run; no two runs have the same.</summary>
    public required string Run { get; init; }

    /// <summary>Name of the network.</summary>
    public required string Model { get; init; }

    /// <summary>The learning rule.</summary>
    public required LearningRule Rule { get; init; }

    /// <summary>The clock.</summary>
    public required Clock Clock { get; init; }

    /// <summary>Micro-batches a step.</summary>
    public required int MicroBatches { get; init; }

    /// <summary>Element type of all tensors: <c>f32</c> or <c>f64</c>.</summary>
    [JsonPropertyName("dtype")]
    public required string DType { get; init; }

    /// <summary>Whether records hold the tensors themselves, beside their hashes.</summary>
    public required bool Payloads { get; init; }

    /// <summary>Training steps made before the run.</summary>
    [JsonRequired]
    public long Step { get; init; }

    /// <summary>Decides what is drawn at random while the network learns.</summary>
    [JsonRequired]
    public ulong Seed { get; init; }

    /// <summary>Id of the root.</summary>
    public required int Root { get; init; }

    /// <summary>The loss.</summary>
    public required Loss Loss { get; init; }

    /// <summary>The optimizer.</summary>
    public required Optimizer Optimizer { get; init; }

    /// <summary>How the learning rate changes from step to step; traces of versions without schedules do not say
    /// so, and it stays.</summary>
    public Schedule Schedule { get; init; } = Schedule.Constant;

    /// <summary>Sweeps of the forward initialisation.</summary>
    public int Sweeps { get; init; } = 1;

    /// <summary>The vertices that have an energy, or a rate of inference, of their own.</summary>
    public IReadOnlyList<VertexCoding> Codings { get; init; } = [];

    /// <summary>Latent vertices and free leaves that training steps clamp.</summary>
    public IReadOnlyList<string> Clamped { get; init; } = [];

    /// <summary>T of an inference with clamps by hand, outside training; null for the rule's.</summary>
    public int? SettlingSteps { get; init; }

    /// <summary>The vertices of the graph that runs, in order of id.</summary>
    public required IReadOnlyList<TraceVertex> Vertices { get; init; }

    /// <summary>Its edges.</summary>
    public required IReadOnlyList<TraceEdge> Edges { get; init; }

    /// <summary>What all vertices of the run have in common.</summary>
    [JsonIgnore]
    public VertexOptions VertexOptions =>
        new(Rule, Clock, Loss, Optimizer, MicroBatches,
            Rule.StepsOn(Vertices.Count == 0 ? 0 : Vertices.Max(v => v.Level)))
        {
            Schedule = Schedule,
            Sweeps = Sweeps,
            Codings = Codings,
            Seed = Seed,
            Clamped = Clamped,
            SettlingSteps = SettlingSteps,
        };

    /// <summary>The header of a run.</summary>
    /// <param name="graph">The graph that runs: levelled, where the rule asks for it.</param>
    /// <param name="options">What all vertices have in common.</param>
    /// <param name="model">Name of the network.</param>
    /// <param name="payloads">Whether records hold tensors.</param>
    /// <param name="step">Training steps made before the run.</param>
    public static TraceHeader Of<T>(Graph<T> graph, VertexOptions options, string model, bool payloads, long step = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new()
        {
            Run = Guid.CreateVersion7().ToString("N"),
            Model = model,
            Rule = options.Rule,
            Clock = options.Clock,
            Loss = options.Loss,
            Optimizer = options.Optimizer,
            Schedule = options.Schedule,
            MicroBatches = options.MicroBatches,
            DType = typeof(T) == typeof(float) ? "f32" : "f64",
            Payloads = payloads,
            Step = step,
            Seed = options.Seed,
            Sweeps = options.Sweeps,
            Codings = options.Codings,
            Clamped = options.Clamped,
            SettlingSteps = options.SettlingSteps,
            Root = graph.RootId,
            Vertices = [.. graph.Vertices.Select(v => TraceVertex.Of(graph, v))],
            Edges = [.. graph.Edges.Select(e => new TraceEdge(e.Number, e.From, e.To, e.Slot, graph.CarriesError(e)))],
        };
}

/// <summary>A vertex of the graph that ran.</summary>
public sealed record TraceVertex
{
    /// <summary>Id: its place among the vertices.</summary>
    public required int Id { get; init; }

    /// <summary>Unique name.</summary>
    public required string Name { get; init; }

    /// <summary>Data, parameter or function.</summary>
    public required VertexKind Kind { get; init; }

    /// <summary>ONNX operator type of a function; null for leaves.</summary>
    public string? Operator { get; init; }

    /// <summary>The operator's attributes; none for leaves.</summary>
    public Attributes Attributes { get; init; } = Attributes.Empty;

    /// <summary>Steps between it and the root, along the longest path.</summary>
    public required int Level { get; init; }

    /// <summary>Shape of its value, for one micro-batch.</summary>
    public required Shape Shape { get; init; }

    /// <summary>Whether levelling inserted it.</summary>
    public bool IsIdentity { get; init; }

    /// <summary>Timesteps for which an error stays with it: 1, or of an identity more.</summary>
    public int Span { get; init; } = 1;

    /// <summary>Whether it is a parameter that learns.</summary>
    public bool Trainable { get; init; }

    /// <summary>What moves it, if it is a running statistic.</summary>
    public RunningStatistic? Running { get; init; }

    /// <summary>Whether it is latent: it holds a value of its own.</summary>
    public bool IsLatent { get; init; }

    /// <summary>Whether it is a free data leaf.</summary>
    public bool IsFree { get; init; }

    /// <summary>Whether an error has to reach it.</summary>
    public bool RequiresError { get; init; }

    /// <summary>Whether its value differs between micro-batches.</summary>
    public bool DependsOnData { get; init; }

    internal static TraceVertex Of<T>(Graph<T> graph, Vertex<T> vertex)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new()
        {
            Id = vertex.Id,
            Name = vertex.Name,
            Kind = vertex.Kind,
            Operator = vertex.Function?.OperatorType,
            Attributes = vertex.Function?.Attributes ?? Attributes.Empty,
            Level = graph.Level(vertex.Id),
            Shape = vertex.Shape,
            IsIdentity = vertex.IsLevellingIdentity,
            Span = vertex.Span,
            Trainable = vertex.Trainable,
            Running = vertex.Kind == VertexKind.Parameter ? graph.Running(vertex.Id) : null,
            IsLatent = vertex.IsLatent,
            IsFree = vertex.IsFree,
            RequiresError = graph.RequiresError(vertex.Id),
            DependsOnData = graph.DependsOnData(vertex.Id),
        };
}

/// <summary>An edge of the graph that ran.</summary>
/// <param name="Number">Unique within the graph.</param>
/// <param name="From">Id of the input vertex.</param>
/// <param name="To">Id of the consumer.</param>
/// <param name="Slot">Which input of the consumer's function it is, from 0.</param>
/// <param name="CarriesError">Whether an error goes back along it.</param>
public readonly record struct TraceEdge(int Number, int From, int To, int Slot, bool CarriesError = false)
{
    /// <summary>Whether it leads back, to a vertex before its own or to itself, and so closes a cycle.</summary>
    [JsonIgnore]
    public bool IsRecurrent => From >= To;
}
