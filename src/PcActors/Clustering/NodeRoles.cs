namespace PcActors.Clustering;

/// <summary>What a node does in a cluster.</summary>
public static class NodeRoles
{
    /// <summary>It hosts vertices.</summary>
    public const string Worker = "worker";

    /// <summary>It may have the cluster's coordinator: the oldest of its nodes with this role does.</summary>
    public const string Coordinator = "coordinator";
}
