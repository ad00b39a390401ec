using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PcActors.Extensions;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Descriptions;
using PcActors.Learning.Energies;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Schedules;
using PcActors.Tensors;

namespace PcActors.Tracing.Format;

/// <summary>Writes and reads a trace's first line: the properties of <see cref="TraceHeader"/>, its vertices and
/// edges, by their names.</summary>
internal static class TraceHeaderJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { OmitWhatDoesNotHold } },
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
            new ShapeJson(),
            new AttributesJson(),
            new DescribedJson<LearningRule>(Catalogues.Rules),
            new DescribedJson<Loss>(Catalogues.Losses),
            new DescribedJson<Optimizer>(Catalogues.Optimizers),
            new DescribedJson<Schedule>(Catalogues.Schedules),
            new DescribedJson<Energy>(Catalogues.Energies),
        },
    };

    /// <summary>How every trace begins.</summary>
    public static ReadOnlySpan<byte> Beginning => "{\"event\":\"trace\""u8;

    /// <summary>The line, without its end.</summary>
    public static byte[] Write(TraceHeader header) =>
        [.. Beginning, (byte)',', .. JsonSerializer.SerializeToUtf8Bytes(header, Options).AsSpan(1)];

    /// <summary>Reads the line.</summary>
    /// <exception cref="TraceFormatException">It is not the first line of a trace of this version.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static TraceHeader Parse(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        using var document = JsonDocument.ParseValue(ref reader);
        if (reader.Read()) throw new TraceFormatException("something follows the header");
        var version = document.RootElement.TryGetProperty("version", out var number)
            && number.TryGetInt32(out var found)
            ? found
            : throw new TraceFormatException("'version' is missing in the header");
        if (version != TraceHeader.CurrentVersion)
        {
            throw new TraceFormatException($"the trace is of version {version}",
                $"version {TraceHeader.CurrentVersion} is read here"
                + (version < TraceHeader.CurrentVersion
                    ? ", and an older trace by the PcActors that recorded it"
                    : ""));
        }
        try
        {
            var header = document.RootElement.Deserialize<TraceHeader>(Options)!;
            Check(header);
            return header;
        }
        catch (JsonException e)
        {
            const string Missing = "including: ";
            var keys = e.Message.IndexOf(Missing, StringComparison.Ordinal);
            throw new TraceFormatException(keys < 0
                ? $"'{e.Path?.TrimStart('$', '.')}' in the header is nothing that it can be"
                : $"the header, or a vertex or an edge in it, lacks "
                    + $"{e.Message[(keys + Missing.Length)..].Split('.')[0]}");
        }
        catch (Exception e) when (e is ArgumentException or ShapeException or AttributeException
            or InvalidOperationException or FormatException)
        {
            throw new TraceFormatException($"the header does not hold together: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static void OmitWhatDoesNotHold(JsonTypeInfo type)
    {
        if (type.Type != typeof(TraceVertex) && type.Type != typeof(TraceEdge)) return;
        foreach (var property in type.Properties)
            property.ShouldSerialize = (_, value) => value is not (null or false or Attributes { IsEmpty: true });
    }

    private static void Check(TraceHeader header)
    {
        // The audit has an account of each vertex in each micro-batch, and under the full dynamics at each timestep.
        const int Most = 1_000_000;
        if (header.MicroBatches is < 1 or > Most)
            throw new TraceFormatException($"there are {header.MicroBatches} micro-batches",
                $"1 to {Most} are possible");
        if ((long)header.MicroBatches * Math.Max(header.Vertices.Count, header.Edges.Count) > Array.MaxLength)
            throw new TraceFormatException(
                $"there are {header.MicroBatches} micro-batches of {header.Vertices.Count} vertices",
                "so many fit no memory");
        if (header.DType is not ("f32" or "f64"))
            throw new TraceFormatException($"the dtype '{header.DType}' is unknown", "f32 or f64");
        for (var i = 0; i < header.Vertices.Count; i++)
        {
            var vertex = header.Vertices[i];
            if (vertex.Id != i)
                throw new TraceFormatException($"vertex {i} has the id {vertex.Id}",
                    "ids are places among the vertices");
            if (vertex is { Kind: VertexKind.Function, Operator: null })
                throw new TraceFormatException($"the function '{vertex.Name}' has no operator");
        }
        bool IsVertex(int id) => id >= 0 && id < header.Vertices.Count;
        if (!IsVertex(header.Root)) throw new TraceFormatException($"the root, {header.Root}, is no vertex");
        var numbers = new HashSet<int>(header.Edges.Count);
        foreach (var edge in header.Edges)
        {
            if (!IsVertex(edge.From) || !IsVertex(edge.To))
                throw new TraceFormatException($"edge {edge.Number} has an end that is no vertex");
            if (!numbers.Add(edge.Number)) throw new TraceFormatException($"there are two edges {edge.Number}");
        }
    }

    private sealed class ShapeJson : JsonConverter<Shape>
    {
        public override Shape Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            TraceJson.Shape(ref reader);

        public override void Write(Utf8JsonWriter writer, Shape shape, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, shape.Dimensions.ToArray(), options);
    }

    /// <summary>What is made from a description: its kind, and its hyperparameters by name.</summary>
    private sealed class DescribedJson<TKind>(Catalogue<TKind> catalogue) : JsonConverter<TKind>
        where TKind : class, IDescribed
    {
        public override bool CanConvert(Type type) => typeof(TKind).IsAssignableFrom(type);

        public override TKind Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            var given = JsonElement.ParseValue(ref reader).EnumerateObject().ToDictionary(p => p.Name, p => p.Value);
            if (!given.Remove("kind", out var name) || name.GetString() is not { } kind)
                throw new TraceFormatException($"a {typeof(TKind).Name} in the header has no kind");
            var known = catalogue.Find(kind).Hyperparameters;
            if (given.Keys.FirstOrDefault(key => known.All(h => h.Name != key)) is { } unknown)
                throw new TraceFormatException($"{kind} has no '{unknown}'");
            if (known.FirstOrDefault(h => !given.ContainsKey(h.Name)) is { } missing)
                throw new TraceFormatException($"{kind} lacks '{missing.Name}'");
            object? ValueOf(Hyperparameter h) =>
                given[h.Name].Deserialize(h.IsFlag ? typeof(bool) : h.Default.GetType());
            return catalogue.Restore(kind, Attributes.Of([.. known.Select(h => (h.Name, ValueOf(h)))]));
        }

        public override void Write(Utf8JsonWriter writer, TKind made, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", made.Values.Kind);
            foreach (var known in catalogue.Find(made.Values.Kind).Hyperparameters)
            {
                writer.WritePropertyName(known.Name);
                var value = made.Values.Attributes[known.Name];
                JsonSerializer.Serialize(writer, known.IsFlag ? value is not 0L : value);
            }
            writer.WriteEndObject();
        }
    }

    /// <summary>An operator's attributes, each with its type: 1 as an integer and 1 as a float are two.</summary>
    private sealed class AttributesJson : JsonConverter<Attributes>
    {
        private static readonly JsonSerializerOptions Floats =
            new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

        private static readonly Dictionary<string, Type> Types = new()
        {
            ["int"] = typeof(long),
            ["float"] = typeof(double),
            ["string"] = typeof(string),
            ["ints"] = typeof(long[]),
            ["floats"] = typeof(double[]),
            ["strings"] = typeof(string[]),
        };

        public override Attributes Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            Attributes.Of(
                [.. JsonElement.ParseValue(ref reader).EnumerateObject()
                    .Select(a => (a.Name, Value(a.Value.EnumerateObject().Single())))]);

        public override void Write(Utf8JsonWriter writer, Attributes attributes, JsonSerializerOptions options)
        {
            var typed = attributes.Names.ToDictionary(name => name,
                name =>
                    new Dictionary<string, object?>
                    {
                        [Types.Single(t => t.Value == attributes[name]!.GetType()).Key] =
                        attributes[name]
                    });
            JsonSerializer.Serialize(writer, typed, Floats);
        }

        private static object? Value(JsonProperty typed) => Types.TryGetValue(typed.Name, out var type)
            ? typed.Value.Deserialize(type, Floats)
            : throw new TraceFormatException($"an attribute has the type '{typed.Name}'",
                string.Join(", ", Types.Keys));
    }
}
