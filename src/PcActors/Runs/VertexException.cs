namespace PcActors.Runs;

/// <summary>A vertex threw: its name travels with the cause to its supervisor.</summary>
internal sealed class VertexException(string vertex, Exception cause)
    : Exception($"the vertex '{vertex}' failed: {cause.Message}", cause)
{
    /// <summary>The vertex's name.</summary>
    public string Vertex { get; } = vertex;
}
