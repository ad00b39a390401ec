namespace PcActors.Learning.Instruments;

/// <summary>What differs some timesteps after a value was disturbed.</summary>
/// <param name="Timesteps">k, from the disturbance.</param>
/// <param name="DifferingAt">By distance in edges from the disturbed vertex: how many vertices' value or error differs in any bit.</param>
/// <param name="ReachableAt">By distance: how many vertices' value or error can differ, by the graph's edges alone.</param>
/// <param name="Outside">Names of vertices that differ and cannot: there are none.</param>
public sealed record LightConeStep(
    int Timesteps, IReadOnlyList<int> DifferingAt, IReadOnlyList<int> ReachableAt, IReadOnlyList<string> Outside)
{
    /// <summary>How many vertices differ.</summary>
    public int Differing => DifferingAt.Sum() + Outside.Count;

    /// <summary>How many vertices can differ.</summary>
    public int Reachable => ReachableAt.Sum();

    /// <summary>The largest distance, in edges, at which a vertex differs.</summary>
    public int LargestDistance => DifferingAt.Select((count, distance) => count > 0 ? distance : 0).DefaultIfEmpty(0).Max();

    /// <summary>The largest distance that anything can have reached in this time, on any graph: 2k + 1.</summary>
    public int DistanceLimit => (2 * Timesteps) + 1;
}
