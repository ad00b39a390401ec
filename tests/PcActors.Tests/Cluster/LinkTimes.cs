using Akka.Actor;
using Akka.Actor.Setup;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using PcActors.Cluster.Links;
using PcActors.Cluster.Wire;
using PcActors.Learning.Protocol;

namespace PcActors.Tests.Cluster;

/// <summary>The two ends of a link as actors, in a time that the test tells them.</summary>
public sealed class LinkTimes : TestKit
{
    private readonly FirstFrameLost _network;

    public LinkTimes()
        : this(new FirstFrameLost())
    {
    }

    private LinkTimes(FirstFrameLost network)
        : base(SetupOf(network), "links") => _network = network;

    [Fact]
    public void A_lost_packet_comes_again_when_the_other_end_has_been_silent_for_some_ticks_and_no_earlier()
    {
        var (left, right, coordinator) = (End(1, "left", "right"), End(0, "right", "left"), CreateTestProbe());
        right.Tell(
            new Routes(new Dictionary<int, IActorRef> { [LinkAddress.Coordinator] = coordinator.Ref },
                new Dictionary<int, IActorRef>()));
        var report = new UpdateReport(new StepId(1, 8), 5);
        left.Tell(new Outgoing(LinkAddress.Node, LinkAddress.Coordinator, report));
        for (var tick = 0; tick < LinkSettings.ProbeAfter; tick++)
        {
            Synchronise(left, right);
            Assert.Equal((1, false), (_network.Frames, coordinator.HasMessages));
            ((TestScheduler)Sys.Scheduler).Advance(LinkSettings.Tick);
        }
        Assert.Equal(report, coordinator.ExpectMsg<UpdateReport>());
        Assert.Equal(2, _network.Frames);
    }

    private static ActorSystemSetup SetupOf(FirstFrameLost network) => BootstrapSetup.Create()
        .WithConfig("""akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit" """)
        .And(new LinkTap(network.Pass));

    private IActorRef End(int peer, string name, string other)
    {
        var path = $"akka://{Sys.Name}/user/{other}";
        return Sys.ActorOf(Props.Create(() => new LinkActor<float>(peer, path, new LinkMeter(1 - peer, peer))), name);
    }

    /// <summary>Waits until both have handled what was sent to them, and what they then sent themselves.</summary>
    private void Synchronise(params IActorRef[] ends)
    {
        foreach (var end in ends.Concat(ends))
        {
            end.Tell(new Identify(null), TestActor);
            ExpectMsg<ActorIdentity>();
        }
    }

    private sealed class FirstFrameLost
    {
        public int Frames { get; private set; }

        public IEnumerable<object> Pass(string end, object packet) =>
            packet is LinkFrame && ++Frames == 1 ? [] : [packet];
    }
}
