using PcNode.Experiments;

namespace PcNode.Reports;

/// <summary>What one part of the report's measuring gave.</summary>
internal sealed record Measurement
{
    /// <summary>The name of the file of all measurements.</summary>
    public const string FileName = "measurements.jsonl";

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

    /// <summary>What a network of some depth came to.</summary>
    public DepthResult? Depth { get; init; }

    /// <summary>The norm of the error by level and time, under Z-IL.</summary>
    public double[][]? ZilWave { get; init; }

    /// <summary>The same under inference learning.</summary>
    public double[][]? IlWave { get; init; }
}
