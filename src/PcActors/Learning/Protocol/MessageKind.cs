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

    /// <summary>Data leaves, and functions that an error reaches.</summary>
    Clampable,

    /// <summary>Parameters.</summary>
    Parameters,

    /// <summary>Parameters that an error reaches.</summary>
    Learning,

    /// <summary>Functions that an error reaches or that inference moves, and free leaves.</summary>
    Moving,

    /// <summary>The root, and functions whose value goes on only where it closes a cycle.</summary>
    Ends,

    /// <summary>The root.</summary>
    Root,
}

/// <summary>A kind of message: its record, and between whom it passes. From this list, and from the records' own
/// properties, follow what a trace holds of a message and what the audit takes for right; a new kind is its
/// record and a line here.</summary>
/// <param name="type">The record; generic in the element type if it carries a tensor.</param>
/// <param name="route">Between whom it passes.</param>
/// <param name="vertices">The vertices at its end, or at its beginning.</param>
internal sealed class MessageKind(Type type, MessageRoute route, VertexGroup vertices = VertexGroup.All)
{
    private readonly Type _type = type;

    public static MessageKind Value { get; } = new(typeof(ValueMessage<>), MessageRoute.BetweenVertices);

    public static MessageKind Error { get; } = new(typeof(ErrorMessage<>), MessageRoute.BetweenVertices);

    public static MessageKind BeginStep { get; } = new(typeof(BeginStep), MessageRoute.ToVertex,
        VertexGroup.Parameters);

    public static MessageKind ClampData { get; } = new(typeof(ClampData<>), MessageRoute.ToVertex,
        VertexGroup.Clampable);

    public static MessageKind ClampTarget { get; } = new(typeof(ClampTarget<>), MessageRoute.ToVertex,
        VertexGroup.Root);

    public static MessageKind Advance { get; } = new(typeof(Advance), MessageRoute.ToVertex, VertexGroup.Moving);

    public static MessageKind RequestPrediction { get; } = new(typeof(RequestPrediction), MessageRoute.ToVertex,
        VertexGroup.Root);

    public static MessageKind RequestParameter { get; } = new(typeof(RequestParameter), MessageRoute.ToVertex,
        VertexGroup.Parameters);

    public static MessageKind RequestSnapshot { get; } = new(typeof(RequestSnapshot), MessageRoute.ToVertex,
        VertexGroup.Parameters);

    public static MessageKind RequestValue { get; } = new(typeof(RequestValue), MessageRoute.ToVertex);

    public static MessageKind RequestCounters { get; } = new(typeof(RequestCounters), MessageRoute.ToVertex);

    public static MessageKind RequestFiniteness { get; } = new(typeof(RequestFiniteness), MessageRoute.ToVertex);

    public static MessageKind LossReport { get; } = new(typeof(LossReport), MessageRoute.FromVertex, VertexGroup.Root);

    public static MessageKind ForwardReport { get; } = new(typeof(ForwardReport), MessageRoute.FromVertex,
        VertexGroup.Ends);

    public static MessageKind PredictionReport { get; } = new(typeof(PredictionReport<>), MessageRoute.FromVertex,
        VertexGroup.Root);

    public static MessageKind UpdateReport { get; } = new(typeof(UpdateReport), MessageRoute.FromVertex,
        VertexGroup.Learning);

    public static MessageKind AdvanceReport { get; } = new(typeof(AdvanceReport), MessageRoute.FromVertex,
        VertexGroup.Moving);

    public static MessageKind ParameterReport { get; } = new(typeof(ParameterReport<>), MessageRoute.FromVertex,
        VertexGroup.Parameters);

    public static MessageKind SnapshotReport { get; } = new(typeof(SnapshotReport<>), MessageRoute.FromVertex,
        VertexGroup.Parameters);

    public static MessageKind ValueReport { get; } = new(typeof(ValueReport<>), MessageRoute.FromVertex);

    public static MessageKind CountersReport { get; } = new(typeof(CountersReport), MessageRoute.FromVertex);

    public static MessageKind FinitenessReport { get; } = new(typeof(FinitenessReport), MessageRoute.FromVertex);

    /// <summary>All kinds that a vertex sends or takes once it is there.</summary>
    public static IReadOnlyList<MessageKind> All { get; } =
        [.. typeof(MessageKind).GetProperties().Where(p => p.PropertyType == typeof(MessageKind))
            .Select(p => (MessageKind)p.GetValue(null)!)];

    /// <summary>Between whom it passes.</summary>
    public MessageRoute Route { get; } = route;

    /// <summary>The vertices at its end, or at its beginning.</summary>
    public VertexGroup Vertices { get; } = vertices;

    /// <summary>Its name in a trace: its record's.</summary>
    public string Name { get; } = NameOf(type);

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
    public Type TypeOf<T>() => CarriesTensor ? _type.MakeGenericType(typeof(T)) : _type;

    /// <summary>What messages of a type are called: as the type, in camel case, without "Message".</summary>
    public static string NameOf(Type type)
    {
        var name = type.Name.Split('`')[0];
        if (name.EndsWith("Message", StringComparison.Ordinal) && name.Length > "Message".Length)
            name = name[..^"Message".Length];
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
