namespace PcActors.Tracing.Recording;

/// <summary>What is recorded of a run on several nodes.</summary>
/// <param name="Payloads">Whether tensors' elements are.</param>
/// <param name="Norms">Whether their norms are.</param>
internal sealed record NodeTracing(bool Payloads, bool Norms);

/// <summary>What one node has recorded, in a file: lines of a role, a node and a record. It makes a trace together with those of the
/// other nodes only, and lives no longer than the run, so it has no version.</summary>
internal static class TracePart
{
    /// <summary>How a line begins that holds a record; the number of the record's origin and a space follow.</summary>
    public static byte Letter(TraceRole role) => role switch
    {
        TraceRole.Departure => (byte)'D',
        TraceRole.Order => (byte)'O',
        _ => (byte)'M',
    };

    /// <summary>What a line holds that begins so.</summary>
    public static TraceRole? RoleOf(byte letter) => letter switch
    {
        (byte)'D' => TraceRole.Departure,
        (byte)'O' => TraceRole.Order,
        (byte)'M' => TraceRole.Message,
        _ => null,
    };
}
