using Akka.Actor;
using Akka.TestKit.Xunit2;
using PcActors.Cluster.Links;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Tests.Cluster;

/// <summary>An error that leaves for another node gives its memory back here, and is whole there.</summary>
public sealed class LinkBuffers : TestKit
{
    private const int From = 5;
    private const int To = 7;

    [Fact]
    public void Memory_of_an_error_is_back_when_it_has_been_written_to_bytes()
    {
        var pool = new BufferPool<float>(poisons: true, leastBytes: 1);
        var (left, right, receiver) = (End(1, "left", "right"), End(0, "right", "left"), CreateTestProbe());
        right.Tell(new Routes(new Dictionary<int, IActorRef> { [To] = receiver.Ref },
            new Dictionary<int, IActorRef> { [From] = TestActor }));
        var tensor = pool.Rent(new Shape(3))!;
        tensor.Writable.Fill(2.5f);
        left.Tell(new Outgoing(From, To,
            new ErrorMessage<float>(new StepId(1, 1), 0, 1, 0, new PullBack<float>(tensor, null))));
        var arrived = receiver.ExpectMsg<ErrorMessage<float>>();
        Assert.Equal([2.5f, 2.5f, 2.5f], arrived.Error.Whole!.Span.ToArray());
        // Behind all that the link has done with the message.
        left.Tell(new Identify(null), TestActor);
        ExpectMsg<ActorIdentity>();
        Assert.Equal(0, pool.RentedBytes);
        Assert.Throws<InvalidOperationException>(() => tensor.Span.Length);
    }

    private IActorRef End(int peer, string name, string other)
    {
        var path = $"akka://{Sys.Name}/user/{other}";
        return Sys.ActorOf(Props.Create(() => new LinkActor<float>(peer, path, new LinkMeter(1 - peer, peer))), name);
    }
}
