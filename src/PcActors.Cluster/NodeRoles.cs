using System.Globalization;

namespace PcActors.Cluster;

/// <summary>What a node does in a cluster.</summary>
internal static class NodeRoles
{
    /// <summary>It hosts vertices.</summary>
    public const string Worker = "worker";

    /// <summary>It may have the cluster's coordinator: the oldest of its nodes with this role does.</summary>
    public const string Coordinator = "coordinator";

    // A node's weight is known to the others by a role: all members see it, from the beginning.
    private const string WeightPrefix = "weight-";

    /// <summary>Whether a role says what a node does, and not how much of it.</summary>
    internal static bool IsOfNode(string role) => !role.StartsWith(WeightPrefix, StringComparison.Ordinal);

    /// <summary>The role that tells a node's weight.</summary>
    internal static string OfWeight(double weight) =>
        string.Create(CultureInfo.InvariantCulture, $"{WeightPrefix}{weight:R}");

    /// <summary>The weight that a node's roles tell; 1 where they tell none that makes sense.</summary>
    internal static double WeightOf(IEnumerable<string> roles) => roles
        .Where(r => r.StartsWith(WeightPrefix, StringComparison.Ordinal))
        .Select(
            r => double.TryParse(
                r.AsSpan(WeightPrefix.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var weight)
                ? weight
                : 0)
        .FirstOrDefault(w => w > 0 && double.IsFinite(w), 1);
}
