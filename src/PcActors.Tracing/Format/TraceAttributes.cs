using System.Text.Json;
using PcActors.Functions;

namespace PcActors.Tracing.Format;

/// <summary>Reads an operator's attributes, each with its type: 1 as an integer and 1 as a float are two.</summary>
internal static class TraceAttributes
{
    /// <summary>Reads them.</summary>
    /// <exception cref="TraceFormatException">One is of no type that attributes have.</exception>
    public static Attributes Parse(JsonElement attributes)
    {
        try
        {
            return Attributes.Of([.. attributes.EnumerateObject().Select(a => (a.Name, (object?)Value(a.Value)))]);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            throw new TraceFormatException("the attributes of a vertex are none");
        }
    }

    private static object Value(JsonElement typed)
    {
        var (type, value) = typed.EnumerateObject().Select(p => (p.Name, p.Value)).Single();
        return type switch
        {
            "int" => value.GetInt64(),
            "float" => Float(value),
            "string" => value.GetString()!,
            "ints" => value.EnumerateArray().Select(v => v.GetInt64()).ToArray(),
            "floats" => value.EnumerateArray().Select(Float).ToArray(),
            "strings" => value.EnumerateArray().Select(v => v.GetString()!).ToArray(),
            _ => throw new FormatException(),
        };
    }

    private static double Float(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number) return value.GetDouble();
        return TraceJson.IsNonFinite(value.GetString()!, out var number) ? number : throw new FormatException();
    }
}
