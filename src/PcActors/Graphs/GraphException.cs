namespace PcActors.Graphs;

/// <summary>A graph is not one that can be trained. The message names the vertex and says what would be right.</summary>
public sealed class GraphException(string message, string? vertex = null) : Exception(message)
{
    /// <summary>The vertex at fault, where there is a single one.</summary>
    public string? Vertex { get; } = vertex;
}
