using Akka.Actor;
using Akka.TestKit.TestActors;
using Akka.TestKit.Xunit2;
using PcActors.Cluster.Links;
using PcActors.Cluster.Wire;
using PcActors.Learning;
using PcActors.Tensors;
using PcActors.Tests.Models;

namespace PcActors.Tests.Cluster;

/// <summary>What a link does not carry, and what it says of that.</summary>
public sealed class LinkRefusals : TestKit
{
    // To find out that two gigabytes are too many takes seconds where other tests run beside it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public void What_cannot_be_sent_is_told_as_that_and_named_and_what_has_come_as_something_that_came()
    {
        var parent = CreateTestProbe();
        var link = parent.ChildActorOf(
            Props.Create(() => new LinkActor<float>(2, "akka://test/user/nobody", new LinkMeter(0, 2))));
        var graph = SmallModels.Build<float>("residual", 4);
        var weight = graph.Parameters.First();
        // 33 states of 2^26 bytes each, all of which are one.
        var state = new Tensor<float>(new Shape(1 << 24));
        link.Tell(Parcel(new RunVertex<float>(weight, [], new ParameterSnapshot<float>(
            state, 1, [.. Enumerable.Repeat(state, 32)]))));
        Assert.Equal(
            $"the vertex '{weight.Name}' cannot go to the coordinator: more than 2^31 - 1 bytes do not travel between "
            + "nodes at once",
            parent.ExpectMsg<LinkFailed>(Patience).Describe("the coordinator"));
        link.Tell(new Outgoing(5, 3, "a word"));
        Assert.StartsWith(
            "the message 'string' of the vertex with the id 5 cannot go to node 2: ",
            parent.ExpectMsg<LinkFailed>(Patience).Describe("node 2"), StringComparison.Ordinal);
        link.Tell(
            new LinkFrame(1, [new Parcel(LinkAddress.Node, LinkAddress.Node, "verticesSpawned", new byte[] { 255 })]));
        Assert.StartsWith(
            "from node 2 came a damaged message 'verticesSpawned'",
            parent.ExpectMsg<LinkFailed>(Patience).Describe("node 2"), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_is_neither_a_vertex_nor_the_coordinator_is_not_taken_for_one()
    {
        var link = CreateTestProbe();
        var (target, reference) = (7, (IActorRef)link.Ref);
        var remote = Sys.ActorOf(Props.Create(() => new RemoteVertex(target, reference)));
        remote.Tell("nobody", ActorRefs.NoSender);
        foreach (var name in new[] { "stranger", "vertex", "v", "v3", "v4x", "coordinator2", "coordinator" })
            remote.Tell(name, Sys.ActorOf(BlackHoleActor.Props, name));
        Assert.Equal(new Outgoing(3, 7, "v3"), link.ExpectMsg<Outgoing>());
        Assert.Equal(new Outgoing(LinkAddress.Coordinator, 7, "coordinator"), link.ExpectMsg<Outgoing>());
    }

    private static Outgoing Parcel(object message) => new(LinkAddress.Node, LinkAddress.Node, message);
}
