namespace PcActors.Runs;

/// <summary>A vertex threw: its name travels with the cause to its supervisor.</summary>
internal sealed class VertexException(string vertex, Exception cause)
    : Exception($"the vertex '{vertex}' failed: {cause.Message}", cause)
{
    /// <summary>The vertex's name.</summary>
    public string Vertex { get; } = vertex;

    /// <summary>Which vertex's failure an exception is, and what it failed of.</summary>
    public static (string Vertex, Exception Cause) Parts(Exception exception) =>
        exception is VertexException { InnerException: { } cause } failure ? (failure.Vertex, cause) : ("?", exception);
}
