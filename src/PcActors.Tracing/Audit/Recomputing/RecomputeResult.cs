namespace PcActors.Tracing.Audit.Recomputing;

/// <summary>What the recomputation of vertices found.</summary>
/// <param name="Vertices">Vertices that were recomputed.</param>
/// <param name="Messages">Messages that they were recorded to have sent and that were recomputed.</param>
/// <param name="Check">The violations.</param>
public sealed record RecomputeResult(int Vertices, long Messages, CheckResult Check);
