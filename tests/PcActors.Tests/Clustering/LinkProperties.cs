using Google.Protobuf;
using PcActors.Clustering.Links;
using PcActors.Clustering.Wire;
using PcActors.Clustering.Wire.Schema;
using PcActors.Tensors;

namespace PcActors.Tests.Clustering;

/// <summary>The two ends of a link without actors: parcels of any size come whole and in order, with few bytes on their way, and
/// lost, doubled or reordered packets damage nothing else.</summary>
public sealed class LinkProperties
{
    private const int PacketBytes = 1_000;
    private const long Window = 8_000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Parcels_come_whole_and_in_order(ulong seed)
    {
        var random = new SeededRandom(seed, "link");
        var sent = Enumerable.Range(0, 200).Select(i => ParcelOf(i, random.NextInt(i % 7 == 0 ? 20_000 : 300))).ToList();
        var (sender, receiver) = (new LinkSender(PacketBytes, Window), new LinkReceiver(Window / 8));
        foreach (var parcel in sent) sender.Enqueue(parcel);
        var received = new List<Parcel>();
        while (received.Count < sent.Count)
        {
            while (sender.Next() is { } packet)
            {
                Assert.True(packet.CalculateSize() < 2 * PacketBytes);
                received.AddRange(Accept(receiver, packet));
            }
            Assert.True(sender.Sent - sender.Acknowledged < Window + PacketBytes + 64);
            // Without a loss there is always an acknowledgement due where the sender waits for one.
            if (sender.IsBlocked) Assert.True(receiver.TakeAcknowledgementDue());
            sender.Acknowledge(receiver.Position);
        }
        Assert.Equal(sent, received);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Lost_doubled_and_reordered_packets_cost_their_parcels_alone(ulong seed)
    {
        var random = new SeededRandom(seed, "faults");
        var sent = Enumerable.Range(0, 400).Select(i => ParcelOf(i, random.NextInt(i % 7 == 0 ? 5_000 : 300))).ToList();
        var (sender, receiver) = (new LinkSender(PacketBytes, Window), new LinkReceiver(Window / 8));
        foreach (var parcel in sent) sender.Enqueue(parcel);
        var received = new List<Parcel>();
        IMessage? late = null;
        for (var idle = 0; idle < 3;)
        {
            if (sender.Next() is { } packet)
            {
                idle = 0;
                var fate = random.NextInt(20);
                if (fate > 0) received.AddRange(Accept(receiver, packet));
                if (fate == 1) received.AddRange(Accept(receiver, packet));
                if (late is not null) received.AddRange(Accept(receiver, late));
                late = fate == 2 ? packet : null;
            }
            else
            {
                // What the sender's question does: nothing that is lost holds the rest up.
                idle++;
                receiver.Probed(sender.Sent);
                sender.Acknowledge(receiver.Position);
            }
        }
        Assert.All(received, parcel => Assert.Equal(sent[parcel.From], parcel));
        Assert.True(received.Select(p => p.From).Distinct().Count() > 200);
    }

    [Fact]
    public void A_tensor_of_64_MB_is_never_more_than_a_window_on_its_way()
    {
        var (sender, receiver) = (new LinkSender(LinkSettings.PacketBytes, LinkSettings.Window), new LinkReceiver(LinkSettings.AcknowledgeEvery));
        sender.Enqueue(ParcelOf(7, 64 << 20));
        var received = new List<Parcel>();
        while (received.Count == 0)
        {
            Assert.True(sender.Sent - sender.Acknowledged <= LinkSettings.Window + LinkSettings.PacketBytes);
            if (sender.Next() is { } packet)
            {
                Assert.True(packet.CalculateSize() < 64 * 1024);
                received.AddRange(Accept(receiver, packet));
            }
            else if (receiver.TakeAcknowledgementDue())
            {
                sender.Acknowledge(receiver.Position);
            }
        }
        Assert.Equal(64 << 20, Assert.Single(received).Payload.Length);
    }

    [Theory]
    [InlineData(-1, 10, 5)]
    [InlineData(0, 0, 5)]
    [InlineData(6, 10, 5)]
    [InlineData(0, 1L << 40, 5)]
    [InlineData(0, 10, 0)]
    public void A_part_that_does_not_fit_is_refused(long offset, long total, int length) => Assert.Throws<WireException>(() =>
        new LinkReceiver(100).Accept(new LinkChunk { Number = 1, Offset = offset, Total = total, Data = ByteString.CopyFrom(new byte[length]) }));

    [Fact]
    public void Parts_that_overlap_are_refused()
    {
        var receiver = new LinkReceiver(100);
        receiver.Accept(new LinkChunk { Number = 1, Offset = 0, Total = 10, Data = ByteString.CopyFrom(new byte[6]) });
        Assert.Throws<WireException>(() => receiver.Accept(new LinkChunk { Number = 1, Offset = 4, Total = 10, Data = ByteString.CopyFrom(new byte[6]) }));
    }

    private static IReadOnlyList<Parcel> Accept(LinkReceiver receiver, IMessage packet) =>
        packet is LinkFrame frame ? [.. receiver.Accept(frame)] : [.. receiver.Accept((LinkChunk)packet)];

    private static Parcel ParcelOf(int number, int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(number + i);
        return new Parcel { From = number, To = 1, Manifest = "test", Payload = ByteString.CopyFrom(bytes) };
    }
}
