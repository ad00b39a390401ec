using System.Globalization;

namespace PcActors.Actors;

/// <summary>What vertices' actors are called below their host: <c>v</c> and the id.</summary>
internal static class VertexNames
{
    /// <summary>The name of a vertex's actor.</summary>
    public static string Of(int id) => string.Create(CultureInfo.InvariantCulture, $"v{id}");

    /// <summary>The id of the vertex whose actor has a name; -1 when it is none's.</summary>
    public static int IdOf(string name) =>
        name.StartsWith('v') && int.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : -1;
}
