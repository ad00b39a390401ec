using System.Globalization;
using System.Text.Json;
using PcActors.Tensors;

namespace PcActors.Tracing.Format;

/// <summary>Reads a trace's JSON, and refuses what it has no place for.</summary>
internal static class TraceJson
{
    /// <summary>Enters the object that a line is.</summary>
    public static void Begin(ref Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw new TraceFormatException("the line is no JSON object");
    }

    /// <summary>Goes on to the object's next key; false at its end.</summary>
    public static bool NextKey(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.PropertyName;

    /// <summary>Refuses what follows the object.</summary>
    public static void End(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.EndObject || json.Read())
            throw new TraceFormatException("something follows the line's object");
    }

    public static long Long(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number)
            ? number
            : throw Wrong(ref json, "a whole number");

    public static int Int(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var number)
            ? number
            : throw Wrong(ref json, "a whole number");

    public static bool Flag(ref Utf8JsonReader json) =>
        json.TokenType is JsonTokenType.True or JsonTokenType.False
            ? json.GetBoolean()
            : throw Wrong(ref json, "true or false");

    public static string Text(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String ? json.GetString()! : throw Wrong(ref json, "a text");

    /// <summary>A number; those that JSON does not have are texts.</summary>
    public static double Float(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Number) return json.GetDouble();
        return json.TokenType == JsonTokenType.String
            && double.TryParse(json.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && !double.IsFinite(number)
            ? number
            : throw Wrong(ref json, "a number");
    }

    /// <summary>A shape; the one that is likely, if it is that.</summary>
    public static Shape Shape(ref Utf8JsonReader json, Shape? likely = null)
    {
        const int MaxRank = 32;
        if (json.TokenType != JsonTokenType.StartArray) throw Wrong(ref json, "a shape");
        Span<int> dimensions = stackalloc int[MaxRank];
        var rank = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (rank == MaxRank) throw Wrong(ref json, $"a shape of at most {MaxRank} axes");
            dimensions[rank++] = Int(ref json);
        }
        if (likely is not null && likely.Dimensions.SequenceEqual(dimensions[..rank])) return likely;
        try
        {
            return new Shape(dimensions[..rank]);
        }
        catch (ShapeException e)
        {
            throw new TraceFormatException(e.Message);
        }
    }

    public static ulong Hash(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String && json.ValueSpan.Length == 16
        && ulong.TryParse(json.ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hash)
            ? hash
            : throw new TraceFormatException("'hash' is no hash", "16 hexadecimal digits");

    private static TraceFormatException Wrong(ref Utf8JsonReader json, string wanted) =>
        new($"a {json.TokenType} stands at byte {json.TokenStartIndex}", $"{wanted} is wanted");
}

/// <summary>A line of a trace is none that a trace has. The reader says in which file and line.</summary>
/// <param name="found">What was found.</param>
/// <param name="wanted">What would be right.</param>
internal sealed class TraceFormatException(string found, string? wanted = null) : Exception(found)
{
    public string? Wanted { get; } = wanted;
}
