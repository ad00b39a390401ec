using System.Collections;
using System.Globalization;
using System.Text.Json;
using PcActors.Functions;
using PcActors.Learning;
using PcActors.Learning.Protocol;
using PcActors.Tensors;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Pictures;

/// <summary>The data of the page that plays a trace: a JSON object inside a script element.</summary>
/// <remarks>The writer escapes &lt;, &gt; and &amp; in every text, so that no name can end the element.</remarks>
internal static class PageData
{
    private const int FlushAt = 1 << 16;

    // The places of a message's row.
    private static readonly string[] Columns =
    [
        "kind", "from", "to", "edge", "step", "attempt", "microBatch", "time", "n", "taken", "arrivedAt", "takenAt",
        "doneAt", "shape", "bytes",
        "form", "hash", "norm", "sender",
    ];

    /// <summary>Writes the object.</summary>
    public static void Write(TraceHeader header, IEnumerable<TraceRecord> records, Stream output, int maxMessages)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        WriteHeader(json, header);
        var norms = new ErrorNorm(header);
        var shapes = header.Edges.ToDictionary(e => e.Number, e => header.Vertices[e.From].Shape);
        var energies = new EnergyTable();
        var steps = new HashSet<StepId>();
        var shown = 0L;
        var leftOut = 0L;
        json.WriteStartArray("messages");
        foreach (var record in records)
        {
            var step = record.StepId;
            // What belongs to no step, such as what vertices are told first, is always
            // shown, and takes no step's place.
            var isOfStep = record.IsOfStep;
            // A trace of a cheat has ids that are nobody's.
            if (Math.Max(record.From, record.To) >= header.Vertices.Count) leftOut++;
            else if (!isOfStep || steps.Contains(step) || shown < maxMessages)
            {
                if (isOfStep)
                {
                    steps.Add(step);
                    energies.Add(record);
                    shown++;
                }
                WriteMessage(json, record, shapes, norms);
                if (json.BytesPending > FlushAt) json.Flush();
            }
            else
            {
                leftOut++;
            }
        }
        json.WriteEndArray();
        json.WriteStartArray("energies");
        energies.Write(json, record => WriteStep(json, record));
        json.WriteEndArray();
        json.WriteNumber("leftOut", leftOut);
        json.WriteEndObject();
    }

    private static void WriteHeader(Utf8JsonWriter json, TraceHeader header)
    {
        json.WriteString("run", header.Run);
        json.WriteString("model", header.Model);
        json.WriteString("rule", header.Rule.Name);
        json.WriteString("clock", header.Clock == Clock.Wavefront ? "wavefront" : "lockstep");
        json.WriteString("dtype", header.DType);
        json.WriteNumber("microBatches", header.MicroBatches);
        json.WriteNumber("root", header.Root);
        json.WriteStartArray("columns");
        foreach (var column in Columns) json.WriteStringValue(column);
        json.WriteEndArray();
        json.WriteStartArray("vertices");
        foreach (var vertex in header.Vertices) WriteVertex(json, vertex);
        json.WriteEndArray();
        json.WriteStartArray("edges");
        foreach (var edge in header.Edges)
        {
            json.WriteStartArray();
            json.WriteNumberValue(edge.Number);
            json.WriteNumberValue(edge.From);
            json.WriteNumberValue(edge.To);
            json.WriteNumberValue(edge.Slot);
            json.WriteBooleanValue(edge.CarriesError);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private static void WriteVertex(Utf8JsonWriter json, TraceVertex vertex)
    {
        json.WriteStartObject();
        json.WriteString("name", vertex.Name);
        json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(vertex.Kind.ToString()));
        if (vertex.Operator is not null) json.WriteString("operator", vertex.Operator);
        if (vertex.Attributes.Names.Any()) json.WriteString("attributes", Describe(vertex.Attributes));
        json.WriteNumber("level", vertex.Level);
        json.WritePropertyName("shape");
        WriteShape(json, vertex.Shape);
        json.WriteBoolean("identity", vertex.IsIdentity);
        json.WriteBoolean("trainable", vertex.Trainable);
        json.WriteBoolean("requiresError", vertex.RequiresError);
        json.WriteBoolean("dependsOnData", vertex.DependsOnData);
        json.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter json, TraceRecord record, Dictionary<int, Shape> shapes,
        ErrorNorm norms)
    {
        json.WriteStartArray();
        json.WriteStringValue(record.Kind);
        json.WriteNumberValue(record.From);
        json.WriteNumberValue(record.To);
        WriteNumber(json, record.Edge);
        WriteStep(json, record);
        WriteNumber(json, record.IsOfStep ? record.Attempt : null);
        WriteNumber(json, record.MicroBatch);
        WriteNumber(json, record.Time);
        json.WriteNumberValue(record.N);
        json.WriteNumberValue(record.Taken);
        json.WriteNumberValue(record.ArrivedAt);
        json.WriteNumberValue(record.TakenAt);
        json.WriteNumberValue(record.DoneAt);
        // Along an edge a message has its shape, which the page knows.
        if (record.Shape is null
            || (record.Edge is { } edge && shapes.GetValueOrDefault(edge)?.Equals(record.Shape) == true))
            json.WriteNullValue();
        else WriteShape(json, record.Shape);
        if (record.Form == TraceForm.None)
        {
            for (var i = 0; i < 3; i++) json.WriteNullValue();
        }
        else
        {
            json.WriteNumberValue(record.Bytes);
            json.WriteStringValue(JsonNamingPolicy.CamelCase.ConvertName(record.Form.ToString()));
            json.WriteStringValue(record.Hash.ToString("x16", CultureInfo.InvariantCulture));
        }
        if (norms.Of(record) is { } norm && double.IsFinite(norm)) json.WriteNumberValue(norm);
        else json.WriteNullValue();
        json.WriteStringValue(record.Sender);
        json.WriteEndArray();
    }

    private static void WriteStep(Utf8JsonWriter json, TraceRecord record)
    {
        if (record.Prediction > 0)
            json.WriteStringValue(
                string.Create(CultureInfo.InvariantCulture, $"prediction {record.Prediction} after {record.Step}"));
        else WriteNumber(json, record.IsOfStep ? record.Step : null);
    }

    private static void WriteNumber(Utf8JsonWriter json, long? number)
    {
        if (number is { } present) json.WriteNumberValue(present);
        else json.WriteNullValue();
    }

    private static void WriteShape(Utf8JsonWriter json, Shape shape)
    {
        json.WriteStartArray();
        foreach (var extent in shape.Dimensions) json.WriteNumberValue(extent);
        json.WriteEndArray();
    }

    private static string Describe(Attributes attributes) =>
        string.Join(", ", attributes.Names.Select(name => $"{name} = {Describe(attributes[name])}"));

    private static string Describe(object? value) => value is IEnumerable list and not string
        ? $"[{string.Join(", ", list.Cast<object?>().Select(Describe))}]"
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
