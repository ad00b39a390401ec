using PcActors.Learning.Protocol;


namespace PcActors.Tracing.Audit;

/// <summary>A record on its way through the checks, with what all of them look up.</summary>
/// <param name="Record">The record.</param>
/// <param name="Traffic">Its kind.</param>
/// <param name="Step">The attempt that it names; the default for kinds that name none.</param>
/// <param name="Edge">Place of its edge in the graph; -1 for none.</param>
/// <param name="Standing">How it stands to that attempt.</param>
internal readonly record struct Passing(TraceRecord Record, Traffic Traffic, StepId Step, int Edge, Standing Standing)
{
    /// <summary>Whether it passes between vertices by its kind.</summary>
    public bool IsBetweenVertices => Traffic is Traffic.Value or Traffic.Error;
}
