using System.Globalization;

namespace PcActors.Cluster.Coordination;

/// <summary>The names of the two ends of the link between a run's client and the coordinator.</summary>
internal static class ClientLink
{
    /// <summary>The coordinator's end.</summary>
    public const string Name = "link";

    /// <summary>The client's end, for one coordinator.</summary>
    public static string NameOf(int incarnation) => string.Create(CultureInfo.InvariantCulture, $"link-{incarnation}");
}
