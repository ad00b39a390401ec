using System.Text.Json;
using PcActors.Extensions;
using PcActors.Functions;
using PcActors.Learning;
using PcActors.Learning.Descriptions;

namespace PcActors.Tracing.Format;

/// <summary>Writes a trace's first line.</summary>
internal static class TraceHeaderJson
{
    /// <summary>The line, without its end.</summary>
    public static byte[] Write(TraceHeader header)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("event", "trace");
            json.WriteNumber("version", header.Version);
            json.WriteString("run", header.Run);
            json.WriteString("model", header.Model);
            Write(json, "rule", Catalogues.Rules, header.Rule);
            json.WriteString("clock", header.Clock == Clock.Wavefront ? "wavefront" : "lockstep");
            json.WriteNumber("microBatches", header.MicroBatches);
            json.WriteString("dtype", header.DType);
            json.WriteBoolean("payloads", header.Payloads);
            json.WriteNumber("step", header.Step);
            json.WriteNumber("seed", header.Seed);
            json.WriteNumber("root", header.Root);
            Write(json, "loss", Catalogues.Losses, header.Loss);
            Write(json, "optimizer", Catalogues.Optimizers, header.Optimizer);
            json.WriteStartArray("vertices");
            foreach (var vertex in header.Vertices) WriteVertex(json, vertex);
            json.WriteEndArray();
            json.WriteStartArray("edges");
            foreach (var edge in header.Edges) WriteEdge(json, edge);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    private static void Write<TKind>(Utf8JsonWriter json, string key, Catalogue<TKind> catalogue, TKind made)
        where TKind : class, IDescribed
    {
        var values = made.Values;
        json.WriteStartObject(key);
        json.WriteString("kind", values.Kind);
        foreach (var known in catalogue.Find(values.Kind).Hyperparameters)
        {
            switch (values.Attributes[known.Name])
            {
                case long flag when known.IsFlag: json.WriteBoolean(known.Name, flag != 0); break;
                case long number: json.WriteNumber(known.Name, number); break;
                case double number: json.WriteNumber(known.Name, number); break;
                case string text: json.WriteString(known.Name, text); break;
            }
        }
        json.WriteEndObject();
    }

    private static void WriteVertex(Utf8JsonWriter json, TraceVertex vertex)
    {
        json.WriteStartObject();
        json.WriteNumber("id", vertex.Id);
        json.WriteString("name", vertex.Name);
        json.WriteString("kind", vertex.Kind.ToString().ToLowerInvariant());
        if (vertex.Operator is not null) json.WriteString("operator", vertex.Operator);
        if (vertex.Attributes.Names.Any()) WriteAttributes(json, vertex.Attributes);
        json.WriteNumber("level", vertex.Level);
        json.WriteStartArray("shape");
        foreach (var extent in vertex.Shape.Dimensions) json.WriteNumberValue(extent);
        json.WriteEndArray();
        if (vertex.IsIdentity) json.WriteBoolean("isIdentity", true);
        if (vertex.Trainable) json.WriteBoolean("trainable", true);
        if (vertex.RequiresError) json.WriteBoolean("requiresError", true);
        if (vertex.DependsOnData) json.WriteBoolean("dependsOnData", true);
        json.WriteEndObject();
    }

    private static void WriteEdge(Utf8JsonWriter json, TraceEdge edge)
    {
        json.WriteStartObject();
        json.WriteNumber("number", edge.Number);
        json.WriteNumber("from", edge.From);
        json.WriteNumber("to", edge.To);
        json.WriteNumber("slot", edge.Slot);
        if (edge.CarriesError) json.WriteBoolean("carriesError", true);
        json.WriteEndObject();
    }

    // The type is part of an attribute: 1 as an integer and 1 as a float are two.
    private static void WriteAttributes(Utf8JsonWriter json, Attributes attributes)
    {
        json.WriteStartObject("attributes");
        foreach (var name in attributes.Names)
        {
            json.WriteStartObject(name);
            switch (attributes[name])
            {
                case long number: json.WriteNumber("int", number); break;
                case double number: json.WritePropertyName("float"); WriteFloat(json, number); break;
                case string text: json.WriteString("string", text); break;
                case long[] numbers: WriteArray(json, "ints", numbers, n => json.WriteNumberValue(n)); break;
                case double[] numbers: WriteArray(json, "floats", numbers, n => WriteFloat(json, n)); break;
                case string[] texts: WriteArray(json, "strings", texts, json.WriteStringValue); break;
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteArray<TItem>(Utf8JsonWriter json, string name, TItem[] items, Action<TItem> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items) write(item);
        json.WriteEndArray();
    }

    private static void WriteFloat(Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number)) json.WriteNumberValue(number);
        else json.WriteStringValue(number.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
    }
}
