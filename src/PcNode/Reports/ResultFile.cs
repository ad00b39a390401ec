using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using PcActors.Runs;
using PcNode.Output;

namespace PcNode.Reports;

/// <summary>Results, one JSON object a line, in a file that is whole after each of them, so that work goes on where it
/// was stopped.</summary>
/// <param name="folder">Where it is.</param>
/// <param name="name">The file's name in the folder.</param>
/// <param name="what">What a line holds, for messages.</param>
/// <param name="origin">The option that names the folder.</param>
internal sealed class ResultFile<TResult>(string folder, string name, string what, string origin)
    where TResult : class
{
    // What diverges has a result that is no number.
    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    private string Path { get; } = System.IO.Path.Combine(folder, name);

    /// <summary>The results that are there.</summary>
    /// <exception cref="UsageException">The file cannot be read, or a line of it is none.</exception>
    public IReadOnlyList<TResult> Read()
    {
        var number = 0;
        try
        {
            var found = new List<TResult>();
            if (!File.Exists(Path)) return found;
            foreach (var line in File.ReadLines(Path))
            {
                number++;
                found.Add(JsonSerializer.Deserialize<TResult>(line, Json) ?? throw new JsonException("it is null"));
            }
            return found;
        }
        catch (JsonException e)
        {
            throw new UsageException(
                $"{origin}: line {number} of '{Path}' is no {what} ({e.Message}); delete the file to begin anew");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{origin}: '{Path}' cannot be read: {e.Message}");
        }
    }

    /// <summary>Writes all results.</summary>
    /// <exception cref="RunFailedException">The file cannot be written.</exception>
    public void Write(IEnumerable<TResult> results) => AtomicFile.Write(Path, origin, stream =>
    {
        foreach (var result in results)
        {
            JsonSerializer.Serialize(stream, result, Json);
            stream.WriteByte((byte)'\n');
        }
    });
}
