using System.Text.Json;
using PcActors.Tensors;

namespace PcActors.Tracing.Format;

/// <summary>Reads a record's payload.</summary>
internal static class TracePayloadParser
{
    /// <summary>Reads the payload that the reader stands at.</summary>
    /// <exception cref="TraceFormatException">It is none.</exception>
    public static TracePayload Parse(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String) return new TracePayload(Elements(ref json), []);
        Require(ref json, JsonTokenType.StartObject);
        byte[]? start = null;
        var products = new List<TraceProduct>();
        while (TraceJson.NextKey(ref json))
        {
            var isStart = json.ValueTextEquals("start"u8);
            if (!isStart && !json.ValueTextEquals("products"u8)) throw Unknown(ref json);
            json.Read();
            if (isStart) start = Elements(ref json);
            else ReadProducts(ref json, products);
        }
        return products.Count > 0
            ? new TracePayload(start, products)
            : throw new TraceFormatException("the payload has no products");
    }

    /// <summary>Reads the state that the reader stands at.</summary>
    /// <exception cref="TraceFormatException">It is none.</exception>
    public static TraceState ParseState(ref Utf8JsonReader json)
    {
        Require(ref json, JsonTokenType.StartObject);
        var (updates, hash) = (-1L, 0UL);
        List<byte[]>? elements = null;
        while (TraceJson.NextKey(ref json))
        {
            var key = json.GetString();
            json.Read();
            switch (key)
            {
                case "updates": updates = TraceJson.Long(ref json); break;
                case "hash": hash = TraceJson.Hash(ref json); break;
                case "elements":
                    Require(ref json, JsonTokenType.StartArray);
                    elements = [];
                    while (json.Read() && json.TokenType != JsonTokenType.EndArray) elements.Add(Elements(ref json));
                    break;
                default: throw new TraceFormatException($"a state has no '{key}'");
            }
        }
        return updates >= 0 && elements is not null
            ? new TraceState(updates, hash, elements)
            : throw new TraceFormatException("a state is not whole", "it has updates, hash and elements");
    }

    private static void ReadProducts(ref Utf8JsonReader json, List<TraceProduct> products)
    {
        Require(ref json, JsonTokenType.StartArray);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            Require(ref json, JsonTokenType.StartArray);
            json.Read();
            var left = Factor(ref json);
            json.Read();
            products.Add(new TraceProduct(left, Factor(ref json)));
            json.Read();
            Require(ref json, JsonTokenType.EndArray);
        }
    }

    private static TraceFactor Factor(ref Utf8JsonReader json)
    {
        Require(ref json, JsonTokenType.StartObject);
        var (rows, transposed) = (-1, false);
        Shape? shape = null;
        byte[]? elements = null;
        while (TraceJson.NextKey(ref json))
        {
            var key = json.GetString();
            json.Read();
            switch (key)
            {
                case "rows": rows = TraceJson.Int(ref json); break;
                case "transposed": transposed = TraceJson.Flag(ref json); break;
                case "shape": shape = TraceJson.Shape(ref json); break;
                case "elements": elements = Elements(ref json); break;
                default: throw new TraceFormatException($"a factor has no '{key}'");
            }
        }
        if (shape is null || elements is null)
            throw new TraceFormatException("a factor is not whole", "it has rows, transposed, shape and elements");
        return (rows > 0 && shape.Length % rows == 0) || (rows == 0 && shape.Length == 0)
            ? new TraceFactor(rows, transposed, shape, elements)
            : throw new TraceFormatException($"a factor of shape {shape} has {rows} rows");
    }

    private static byte[] Elements(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String && json.TryGetBytesFromBase64(out var bytes)
            ? bytes
            : throw new TraceFormatException("elements are no base64");

    private static void Require(ref Utf8JsonReader json, JsonTokenType wanted)
    {
        if (json.TokenType != wanted)
            throw new TraceFormatException($"a payload has a {json.TokenType} at byte {json.TokenStartIndex}");
    }

    private static TraceFormatException Unknown(ref Utf8JsonReader json) =>
        new($"a payload has no '{json.GetString()}'", "start and products");
}
