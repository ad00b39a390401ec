namespace PcNode.Suite;

/// <summary>A run of a study that has been made: a line of the results' file.</summary>
internal sealed record StudyRun
{
    /// <summary>The name of the file of all runs.</summary>
    public const string FileName = "runs.jsonl";

    /// <summary>The study.</summary>
    public required string Study { get; init; }

    /// <summary>Its row.</summary>
    public required string Row { get; init; }

    /// <summary>The seed.</summary>
    public required int Seed { get; init; }

    /// <summary>By which version and under which settings; under others it is made anew.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>What was measured.</summary>
    public required IReadOnlyDictionary<string, double> Numbers { get; init; }

    /// <summary>The names of the pictures that it has written.</summary>
    public IReadOnlyList<string> Pictures { get; init; } = [];

    /// <summary>The hash of all parameters at its end.</summary>
    public required string WeightsSha256 { get; init; }

    /// <summary>What it took.</summary>
    public required double Seconds { get; init; }

}
