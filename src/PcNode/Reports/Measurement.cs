using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using PcActors.Runs;
using PcNode.Experiments;
using PcNode.Output;

namespace PcNode.Reports;

/// <summary>What one part of the report's measuring gave.</summary>
internal sealed record Measurement
{
    /// <summary>The part's name.</summary>
    public required string Part { get; init; }

    /// <summary>By which version and under which settings; under others the part is measured anew.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>What it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>The distance to backpropagation.</summary>
    public VerificationResult? Distance { get; init; }

    /// <summary>The time of an update.</summary>
    public UpdateTimes? Times { get; init; }

    /// <summary>The norm of the error by level and time, under Z-IL.</summary>
    public double[][]? ZilWave { get; init; }

    /// <summary>The same under inference learning.</summary>
    public double[][]? IlWave { get; init; }
}

/// <summary>The measurements of a report, in a file that is whole after each of them, so that measuring goes on
/// where it was stopped.</summary>
internal sealed class MeasurementFile(string folder, string origin)
{
    /// <summary>The file's name in the folder.</summary>
    public const string Name = "measurements.jsonl";

    // A rule that diverges has a distance that is no number.
    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    private string Path { get; } = System.IO.Path.Combine(folder, Name);

    /// <summary>The measurements that are there.</summary>
    /// <exception cref="UsageException">The file cannot be read, or a line of it is no measurement.</exception>
    public IReadOnlyList<Measurement> Read()
    {
        var number = 0;
        try
        {
            var found = new List<Measurement>();
            if (!File.Exists(Path)) return found;
            foreach (var line in File.ReadLines(Path))
            {
                number++;
                found.Add(JsonSerializer.Deserialize<Measurement>(line, Json) ?? throw new JsonException("it is null"));
            }
            return found;
        }
        catch (JsonException e)
        {
            throw new UsageException(
                $"{origin}: line {number} of '{Path}' is no measurement ({e.Message}); delete the file to measure "
                + "anew");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{origin}: '{Path}' cannot be read: {e.Message}");
        }
    }

    /// <summary>Writes all measurements.</summary>
    /// <exception cref="RunFailedException">The file cannot be written.</exception>
    public void Write(IEnumerable<Measurement> measurements) => AtomicFile.Write(Path, origin, stream =>
    {
        foreach (var measurement in measurements)
        {
            JsonSerializer.Serialize(stream, measurement, Json);
            stream.WriteByte((byte)'\n');
        }
    });
}
