namespace PcActors.Tracing.Format;

/// <summary>A line of a trace is none that a trace has. The reader says in which file and line.</summary>
/// <param name="found">What was found.</param>
/// <param name="wanted">What would be right.</param>
internal sealed class TraceFormatException(string found, string? wanted = null) : Exception(found)
{
    public string? Wanted { get; } = wanted;
}
