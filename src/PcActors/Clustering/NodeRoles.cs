namespace PcActors.Clustering;

/// <summary>What a node does in a cluster.</summary>
public static class NodeRoles
{
    /// <summary>It hosts vertices.</summary>
    public const string Worker = "worker";

    /// <summary>It hosts none, and may run a coordinator.</summary>
    public const string Coordinator = "coordinator";
}
