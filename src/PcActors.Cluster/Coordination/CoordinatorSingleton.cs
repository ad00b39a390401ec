using Akka.Actor;
using Akka.Cluster.Tools.Singleton;

namespace PcActors.Cluster.Coordination;

/// <summary>Where the cluster's coordinator is.</summary>
internal static class CoordinatorSingleton
{
    /// <summary>The name, below /user, of the actors that agree among themselves where the singleton is.</summary>
    public const string ManagerName = "coordinator";

    private const string SingletonName = "singleton";

    /// <summary>The path of the singleton on a node.</summary>
    public static string PathOn(Address node) => $"{node}/user/{ManagerName}/{SingletonName}";

    /// <summary>Makes a node one of those that the coordinator may be on.</summary>
    public static void Start(ActorSystem system) => system.ActorOf(
        ClusterSingletonManager.Props(
            Props.Create(() => new CoordinatorService()),
            PoisonPill.Instance,
            ClusterSingletonManagerSettings.Create(system).WithRole(NodeRoles.Coordinator)
                .WithSingletonName(SingletonName)),
        ManagerName);
}
