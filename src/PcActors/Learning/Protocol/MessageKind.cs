namespace PcActors.Learning.Protocol;

/// <summary>Between whom messages of a kind pass.</summary>
internal enum MessageRoute
{
    /// <summary>From a vertex to a neighbour, along an edge.</summary>
    BetweenVertices,

    /// <summary>From the coordinator to a vertex.</summary>
    ToVertex,

    /// <summary>From a vertex to the coordinator.</summary>
    FromVertex,

    /// <summary>From whoever starts the vertices to each of them, before anything else.</summary>
    Start,

    /// <summary>To the coordinator, from whoever owns the run, its host or its timer.</summary>
    ToCoordinator,
}

/// <summary>The vertices that messages of a kind come from or go to.</summary>
internal enum VertexGroup
{
    /// <summary>Any vertex.</summary>
    All,

    /// <summary>Data leaves.</summary>
    Data,

    /// <summary>Parameters.</summary>
    Parameters,

    /// <summary>Parameters that an error reaches.</summary>
    Learning,

    /// <summary>Functions that an error reaches: inference moves their values.</summary>
    Moving,

    /// <summary>The root.</summary>
    Root,
}

/// <summary>A kind of message: its record, and between whom it passes. From this list, and from the records' own properties, follow what a trace
/// holds of a message and what the audit takes for right; a new kind is its record and a line here.</summary>
/// <param name="type">The record; generic in the element type if it carries a tensor.</param>
/// <param name="route">Between whom it passes.</param>
/// <param name="vertices">The vertices at its end, or at its beginning.</param>
internal sealed class MessageKind(Type type, MessageRoute route, VertexGroup vertices = VertexGroup.All)
{
    private static readonly List<MessageKind> Protocol = [];

    public static MessageKind Value { get; } = Add(typeof(ValueMessage<>), MessageRoute.BetweenVertices);

    public static MessageKind Error { get; } = Add(typeof(ErrorMessage<>), MessageRoute.BetweenVertices);

    public static MessageKind BeginStep { get; } = Add(typeof(BeginStep), MessageRoute.ToVertex, VertexGroup.Parameters);

    public static MessageKind ClampData { get; } = Add(typeof(ClampData<>), MessageRoute.ToVertex, VertexGroup.Data);

    public static MessageKind ClampTarget { get; } = Add(typeof(ClampTarget<>), MessageRoute.ToVertex, VertexGroup.Root);

    public static MessageKind Advance { get; } = Add(typeof(Advance), MessageRoute.ToVertex, VertexGroup.Moving);

    public static MessageKind RequestPrediction { get; } = Add(typeof(RequestPrediction), MessageRoute.ToVertex, VertexGroup.Root);

    public static MessageKind RequestParameter { get; } = Add(typeof(RequestParameter), MessageRoute.ToVertex, VertexGroup.Parameters);

    public static MessageKind RequestSnapshot { get; } = Add(typeof(RequestSnapshot), MessageRoute.ToVertex, VertexGroup.Parameters);

    public static MessageKind RequestCounters { get; } = Add(typeof(RequestCounters), MessageRoute.ToVertex);

    public static MessageKind RequestFiniteness { get; } = Add(typeof(RequestFiniteness), MessageRoute.ToVertex);

    public static MessageKind LossReport { get; } = Add(typeof(LossReport), MessageRoute.FromVertex, VertexGroup.Root);

    public static MessageKind ForwardReport { get; } = Add(typeof(ForwardReport), MessageRoute.FromVertex, VertexGroup.Root);

    public static MessageKind PredictionReport { get; } = Add(typeof(PredictionReport<>), MessageRoute.FromVertex, VertexGroup.Root);

    public static MessageKind UpdateReport { get; } = Add(typeof(UpdateReport), MessageRoute.FromVertex, VertexGroup.Learning);

    public static MessageKind AdvanceReport { get; } = Add(typeof(AdvanceReport), MessageRoute.FromVertex, VertexGroup.Moving);

    public static MessageKind ParameterReport { get; } = Add(typeof(ParameterReport<>), MessageRoute.FromVertex, VertexGroup.Parameters);

    public static MessageKind SnapshotReport { get; } = Add(typeof(SnapshotReport<>), MessageRoute.FromVertex, VertexGroup.Parameters);

    public static MessageKind CountersReport { get; } = Add(typeof(CountersReport), MessageRoute.FromVertex);

    public static MessageKind FinitenessReport { get; } = Add(typeof(FinitenessReport), MessageRoute.FromVertex);

    /// <summary>All kinds that a vertex sends or takes once it is there.</summary>
    public static IReadOnlyList<MessageKind> All => Protocol;

    /// <summary>Between whom it passes.</summary>
    public MessageRoute Route { get; } = route;

    /// <summary>The vertices at its end, or at its beginning.</summary>
    public VertexGroup Vertices { get; } = vertices;

    /// <summary>Its name in a trace: its record's.</summary>
    public string Name { get; } = NameOf(type);

    /// <summary>Its place among all; -1 for none of them.</summary>
    public int Place { get; private init; } = -1;

    /// <summary>Whether a message of it names the attempt at a step that it belongs to.</summary>
    public bool IsOfAttempt { get; } = type.GetProperty("Step")?.PropertyType == typeof(StepId);

    /// <summary>Whether it is of an edge of the graph.</summary>
    public bool HasEdge { get; } = type.GetProperty("Edge") is not null;

    /// <summary>Whether it is of a timestep.</summary>
    public bool HasTime { get; } = type.GetProperty("Time") is not null;

    /// <summary>Whether it is of a micro-batch.</summary>
    public bool HasMicroBatch { get; } = type.GetProperty("MicroBatch") is not null;

    /// <summary>Whether it carries a tensor.</summary>
    public bool CarriesTensor { get; } = type.IsGenericTypeDefinition;

    /// <summary>The record of the messages with tensors of an element type.</summary>
    public Type TypeOf<T>() => CarriesTensor ? type.MakeGenericType(typeof(T)) : type;

    /// <summary>What messages of a type are called: as the type, in camel case, without "Message".</summary>
    public static string NameOf(Type type)
    {
        var name = type.Name.Split('`')[0];
        if (name.EndsWith("Message", StringComparison.Ordinal) && name.Length > "Message".Length) name = name[..^"Message".Length];
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static MessageKind Add(Type type, MessageRoute route, VertexGroup vertices = VertexGroup.All)
    {
        var kind = new MessageKind(type, route, vertices) { Place = Protocol.Count };
        Protocol.Add(kind);
        return kind;
    }
}
