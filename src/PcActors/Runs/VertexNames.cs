using System.Globalization;

namespace PcActors.Runs;

/// <summary>What vertices' actors are called below their host: <c>v</c> and the id; <c>r</c> and the id
/// for who stands for a vertex of another node.</summary>
internal static class VertexNames
{
    /// <summary>No id.</summary>
    public const int None = -1;

    /// <summary>The name of the coordinator, and of who stands for it on another node.</summary>
    public const string Coordinator = "coordinator";

    /// <summary>The name of a vertex's actor.</summary>
    public static string Of(int id) => string.Create(CultureInfo.InvariantCulture, $"v{id}");

    /// <summary>The name of who stands for a vertex of another node.</summary>
    public static string OfRemote(int id) => string.Create(CultureInfo.InvariantCulture, $"r{id}");

    /// <summary>The id of the vertex whose actor has a name, or who stands for it;
    /// <see cref="None"/> when it is none's.</summary>
    public static int IdOf(string name) =>
        name.Length > 0 && name[0] is 'v' or 'r'
            && int.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : None;
}
