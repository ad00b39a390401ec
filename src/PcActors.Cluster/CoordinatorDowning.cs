using Akka.Actor;
using Akka.Cluster;

namespace PcActors.Cluster;

/// <summary>Who stays where a cluster lives for one coordinator: that one does, whatever the others think
/// of it. It removes whom it has not reached for a while; a node that does not reach it ends by itself.</summary>
/// <remarks>A vote among nodes would count the word of workers that are killed, or frozen, against the one
/// for whom they work.</remarks>
/// <param name="system">The actor system.</param>
/// <param name="cluster">Its node.</param>
#pragma warning disable CS9113 // Akka makes it with both.
internal sealed class CoordinatorDowning(ActorSystem system, AkkaCluster cluster) : IDowningProvider
#pragma warning restore CS9113
{
    /// <inheritdoc/>
    public TimeSpan DownRemovalMargin => TimeSpan.Zero;

    /// <inheritdoc/>
    public Props DowningActorProps { get; } = Props.Create(() =>
        new DowningActor(
            system.Settings.Config.GetTimeSpan("akka.cluster.split-brain-resolver.stable-after", null, true)));

    private sealed class DowningActor(TimeSpan patience) : UntypedActor, IWithTimers
    {
        private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

        // Looks at it, one after the other: while this process is frozen, nobody can have
        // reached it, and there are none.
        private readonly Dictionary<Member, int> _unreachable = [];
        private readonly AkkaCluster _cluster = AkkaCluster.Get(Context.System);

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart()
        {
            _cluster.Subscribe(
                Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
                typeof(ClusterEvent.IReachabilityEvent), typeof(ClusterEvent.MemberRemoved));
            Timers.StartSingleTimer("tick", Tick.Instance, Interval);
        }

        protected override void PostStop() => _cluster.Unsubscribe(Self);

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case ClusterEvent.UnreachableMember unreachable:
                    _unreachable.TryAdd(unreachable.Member, 0);
                    break;
                case ClusterEvent.ReachableMember reachable:
                    _unreachable.Remove(reachable.Member);
                    break;
                case ClusterEvent.MemberRemoved removed:
                    _unreachable.Remove(removed.Member);
                    break;
                case Tick:
                    foreach (var member in _unreachable.Keys.ToList())
                    {
                        if (++_unreachable[member] * Interval >= patience) Decide(member);
                    }
                    Timers.StartSingleTimer("tick", Tick.Instance, Interval);
                    break;
                default:
                    Unhandled(message);
                    break;
            }
        }

        private void Decide(Member lost)
        {
            if (_cluster.SelfRoles.Contains(NodeRoles.Coordinator)) _cluster.Down(lost.Address);
            // What another node says of the coordinator is no matter: it may be that one who is cut off.
            else if (lost.HasRole(NodeRoles.Coordinator) && !IsHeard(lost.Address)) _cluster.Down(_cluster.SelfAddress);
        }

        private bool IsHeard(Address node) =>
            _cluster.FailureDetector.IsMonitoring(node) && _cluster.FailureDetector.IsAvailable(node);

        private sealed record Tick
        {
            public static Tick Instance { get; } = new();
        }
    }
}
