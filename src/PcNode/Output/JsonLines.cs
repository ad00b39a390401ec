using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PcNode.Output;

/// <summary>Writes one JSON object a line.</summary>
internal static class JsonLines
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes an object with the keys in the order given. A number that is not
    /// finite, which JSON does not have, is written as null.</summary>
    public static void Write(TextWriter output, params ReadOnlySpan<(string Key, object? Value)> properties)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            WriteObject(json, properties.ToArray());
        }
        output.WriteLine(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
        output.Flush();
    }

    private static void WriteObject(Utf8JsonWriter json, IEnumerable<(string Key, object? Value)> properties)
    {
        json.WriteStartObject();
        foreach (var (key, value) in properties)
        {
            json.WritePropertyName(key);
            WriteValue(json, value);
        }
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, IReadOnlyList<string> texts)
    {
        json.WriteStartArray();
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, IReadOnlyList<double> numbers)
    {
        json.WriteStartArray();
        foreach (var number in numbers) WriteValue(json, number);
        json.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null or double.NaN or double.PositiveInfinity or double.NegativeInfinity: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case ulong number: json.WriteNumberValue(number); break;
            case IReadOnlyList<string> texts: WriteTexts(json, texts); break;
            case IReadOnlyList<double> numbers: WriteNumbers(json, numbers); break;
            case IReadOnlyList<int> numbers: WriteNumbers(json, [.. numbers.Select(n => (double)n)]); break;
            case IReadOnlyList<IReadOnlyList<int>> rows:
                json.WriteStartArray();
                foreach (var row in rows) WriteValue(json, row);
                json.WriteEndArray();
                break;
            case double number: json.WriteNumberValue(number); break;
            case IEnumerable<(string Key, object? Value)> properties: WriteObject(json, properties); break;
            case IEnumerable<IEnumerable<(string Key, object? Value)>> objects:
                json.WriteStartArray();
                foreach (var one in objects) WriteObject(json, one);
                json.WriteEndArray();
                break;
            default: throw new ArgumentException($"a value of type {value.GetType().Name} has no JSON form here");
        }
    }
}
