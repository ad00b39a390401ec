namespace PcNode.Experiments;

/// <summary>How long one weight update of a network takes, by each rule.</summary>
internal sealed record UpdateTimes
{
    public required string Model { get; init; }

    public required string DType { get; init; }

    /// <summary>Samples an update.</summary>
    public required int Batch { get; init; }

    /// <summary>Threads on which vertices run; 0 is the thread pool's.</summary>
    public required int Threads { get; init; }

    /// <summary>Vertices of the levelled graph.</summary>
    public required int Vertices { get; init; }

    /// <summary>Numbers that learn.</summary>
    public required long Parameters { get; init; }

    /// <summary>T of inference learning.</summary>
    public required int InferenceSteps { get; init; }

    /// <summary>Median milliseconds of sequential backpropagation.</summary>
    public required double Bp { get; init; }

    /// <summary>Median milliseconds of Z-IL on actors.</summary>
    public required double Zil { get; init; }

    /// <summary>Median milliseconds of inference learning on actors; NaN when it diverged.</summary>
    public required double Il { get; init; }

    /// <summary>The median over turns of Z-IL's time over that of backpropagation in the same turn.</summary>
    public required double ZilOverBp { get; init; }

    /// <summary>Inference learning's time over that of backpropagation.</summary>
    public double IlOverBp => Il / Bp;
}
