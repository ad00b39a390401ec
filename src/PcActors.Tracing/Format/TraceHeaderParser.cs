using System.Text.Json;
using PcActors.Extensions;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Descriptions;
using PcActors.Tensors;

namespace PcActors.Tracing.Format;

/// <summary>Reads a trace's first line.</summary>
internal static class TraceHeaderParser
{
    /// <summary>How every trace begins.</summary>
    public static ReadOnlySpan<byte> Beginning => "{\"event\":\"trace\""u8;

    /// <summary>Reads the line.</summary>
    /// <exception cref="TraceFormatException">It is not the first line of a trace of this version.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static TraceHeader Parse(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        using var document = JsonDocument.ParseValue(ref reader);
        if (reader.Read()) throw new TraceFormatException("something follows the header");
        var root = document.RootElement;
        var version = Get(root, "version", e => e.GetInt32());
        if (version != TraceHeader.CurrentVersion)
        {
            throw new TraceFormatException($"the trace is of version {version}", $"version {TraceHeader.CurrentVersion} is read here"
                + (version < TraceHeader.CurrentVersion ? ", and an older trace by the PcActors that recorded it" : ""));
        }
        try
        {
            var header = Header(root);
            Check(header);
            return header;
        }
        catch (Exception e) when (e is ArgumentException or ShapeException or AttributeException)
        {
            throw new TraceFormatException($"the header does not hold together: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static TraceHeader Header(JsonElement root) => new()
    {
        Run = Text(root, "run"),
        Model = Text(root, "model"),
        Rule = Described(root, "rule", Catalogues.Rules),
        Clock = Text(root, "clock") switch
        {
            "wavefront" => Clock.Wavefront,
            "lockstep" => Clock.Lockstep,
            var other => throw new TraceFormatException($"the clock '{other}' is unknown", "wavefront or lockstep"),
        },
        Loss = Described(root, "loss", Catalogues.Losses),
        Optimizer = Described(root, "optimizer", Catalogues.Optimizers),
        MicroBatches = Get(root, "microBatches", e => e.GetInt32()),
        DType = Text(root, "dtype") is "f32" or "f64" ? Text(root, "dtype") : throw new TraceFormatException($"the dtype '{Text(root, "dtype")}' is unknown", "f32 or f64"),
        Payloads = Get(root, "payloads", e => e.GetBoolean()),
        Step = Get(root, "step", e => e.GetInt64()),
        Seed = Get(root, "seed", e => e.GetUInt64()),
        Root = Get(root, "root", e => e.GetInt32()),
        Vertices = [.. Get(root, "vertices", e => e.EnumerateArray()).Select(Vertex)],
        Edges = [.. Get(root, "edges", e => e.EnumerateArray()).Select(Edge)],
    };

    private static void Check(TraceHeader header)
    {
        // The audit has an account of each vertex in each micro-batch, and under the full dynamics at each timestep.
        RequireCount(header.MicroBatches, 1, "micro-batches");
        if ((long)header.MicroBatches * Math.Max(header.Vertices.Count, header.Edges.Count) > Array.MaxLength)
            throw new TraceFormatException($"there are {header.MicroBatches} micro-batches of {header.Vertices.Count} vertices", "so many fit no memory");
        for (var i = 0; i < header.Vertices.Count; i++)
        {
            var vertex = header.Vertices[i];
            if (vertex.Id != i) throw new TraceFormatException($"vertex {i} has the id {vertex.Id}", "ids are places among the vertices");
            if (vertex is { Kind: VertexKind.Function, Operator: null }) throw new TraceFormatException($"the function '{vertex.Name}' has no operator");
        }
        bool IsVertex(int id) => id >= 0 && id < header.Vertices.Count;
        if (!IsVertex(header.Root)) throw new TraceFormatException($"the root, {header.Root}, is no vertex");
        var numbers = new HashSet<int>(header.Edges.Count);
        foreach (var edge in header.Edges)
        {
            if (!IsVertex(edge.From) || !IsVertex(edge.To)) throw new TraceFormatException($"edge {edge.Number} has an end that is no vertex");
            if (!numbers.Add(edge.Number)) throw new TraceFormatException($"there are two edges {edge.Number}");
        }
    }

    private static void RequireCount(int count, int least, string what)
    {
        const int Most = 1_000_000;
        if (count < least || count > Most) throw new TraceFormatException($"there are {count} {what}", $"{least} to {Most} are possible");
    }

    private static TKind Described<TKind>(JsonElement root, string key, Catalogue<TKind> catalogue)
        where TKind : class, IDescribed
    {
        var described = Get(root, key, e => e);
        var kind = Text(described, "kind");
        var known = catalogue.Find(kind).Hyperparameters;
        foreach (var name in described.EnumerateObject().Select(p => p.Name).Where(name => name != "kind" && known.All(h => h.Name != name)))
            throw new TraceFormatException($"the {key} {kind} has no '{name}'");
        return catalogue.Restore(kind, Attributes.Of([.. known.Select(h => (h.Name, (object?)Get(described, h.Name, e => Value(h, e))))]));
    }

    private static object Value(Hyperparameter known, JsonElement value) => known.Default switch
    {
        _ when known.IsFlag => value.GetBoolean(),
        long => value.GetInt64(),
        double => value.GetDouble(),
        _ => value.GetString() ?? throw new FormatException(),
    };

    private static TraceVertex Vertex(JsonElement vertex) => new()
    {
        Id = Get(vertex, "id", e => e.GetInt32()),
        Name = Text(vertex, "name"),
        Kind = Text(vertex, "kind") switch
        {
            "data" => VertexKind.Data,
            "parameter" => VertexKind.Parameter,
            "function" => VertexKind.Function,
            var other => throw new TraceFormatException($"the vertex kind '{other}' is unknown", "data, parameter or function"),
        },
        Operator = vertex.TryGetProperty("operator", out _) ? Text(vertex, "operator") : null,
        Attributes = vertex.TryGetProperty("attributes", out var attributes) ? TraceAttributes.Parse(attributes) : Attributes.Empty,
        Level = Get(vertex, "level", e => e.GetInt32()),
        Shape = new Shape([.. Get(vertex, "shape", e => e.EnumerateArray().Select(d => d.GetInt32()).ToArray())]),
        IsIdentity = Flag(vertex, "isIdentity"),
        Trainable = Flag(vertex, "trainable"),
        RequiresError = Flag(vertex, "requiresError"),
        DependsOnData = Flag(vertex, "dependsOnData"),
    };

    private static TraceEdge Edge(JsonElement edge) => new(
        Get(edge, "number", e => e.GetInt32()),
        Get(edge, "from", e => e.GetInt32()),
        Get(edge, "to", e => e.GetInt32()),
        Get(edge, "slot", e => e.GetInt32()),
        Flag(edge, "carriesError"));

    private static bool Flag(JsonElement parent, string key) => parent.TryGetProperty(key, out _) && Get(parent, key, e => e.GetBoolean());

    private static string Text(JsonElement parent, string key) => Get(parent, key, e => e.GetString() ?? throw new FormatException());

    private static TValue Get<TValue>(JsonElement parent, string key, Func<JsonElement, TValue> read)
    {
        if (parent.ValueKind != JsonValueKind.Object || !parent.TryGetProperty(key, out var element))
            throw new TraceFormatException($"'{key}' is missing in the header");
        try
        {
            return read(element);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            throw new TraceFormatException($"'{key}' in the header is a {element.ValueKind}, which it cannot be");
        }
    }
}
