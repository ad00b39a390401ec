using PcActors.Cluster.Links;
using PcActors.Cluster.Wire;
using PcActors.Tensors;

namespace PcActors.Tests.Cluster;

/// <summary>The two ends of a link without actors: whatever the channel between them does to packets,
/// parcels of any size come whole, once and in order, few bytes are on their way, and it ends.</summary>
public sealed class LinkProperties
{
    private const int PacketBytes = 1_000;
    private const long Window = 8_000;

    public static TheoryData<ulong, int, int, int> Channels
    {
        get
        {
            var data = new TheoryData<ulong, int, int, int>();
            foreach (var (lost, doubled, late) in new[] { (0, 0, 0), (1, 1, 1), (20, 0, 0), (0, 30, 0), (0, 0, 50),
                (10, 10, 30), (60, 20, 20) })
            {
                for (var seed = 0UL; seed < 4; seed++) data.Add(seed, lost, doubled, late);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public void Parcels_come_whole_once_and_in_order(ulong seed, int lost, int doubled, int late)
    {
        var random = new SeededRandom(seed, "link");
        var sent = Enumerable.Range(0, 200).Select(i => ParcelOf(i, random.NextInt(i % 7 == 0 ? 20_000 : 300)))
            .ToList();
        var link = new LossyLink(random, PacketBytes, Window, lost, doubled, late);
        // Some wait at the start, others come on the way.
        foreach (var parcel in sent[..100]) link.Sender.Enqueue(parcel);
        for (var next = 100; link.Delivered.Count < sent.Count || link.Sender.Acknowledged < link.Sender.Sent;)
        {
            if (next < sent.Count && random.NextInt(3) == 0) link.Sender.Enqueue(sent[next++]);
            link.Turn();
            Assert.InRange(link.Sender.BytesInFlight, 0, Window);
            Assert.InRange(link.Receiver.BytesKept, 0, Window);
            Assert.True(link.Turns < 20_000, "it does not end");
        }
        Assert.Equal(sent.Select(ContentOf), link.Delivered.Select(ContentOf));
        if (lost + late == 0) Assert.Equal(0, link.Resent);
        if (lost + doubled + late == 0) Assert.Equal(0, link.Receiver.Repeated);
    }

    [Fact]
    public void An_end_that_is_silent_is_asked_ever_less_often_and_sent_nothing_again()
    {
        var sender = new LinkSender(PacketBytes, Window);
        for (var i = 0; i < 20; i++) sender.Enqueue(ParcelOf(i, 500));
        while (sender.Next() is { } packet) Assert.True(packet.Size < 2 * PacketBytes);
        var asked = Enumerable.Range(0, 10 * LinkSettings.MaxProbeAfter).Where(_ => sender.Tick() is not null).ToList();
        var pauses = asked.Skip(1).Zip(asked, (later, earlier) => later - earlier).ToList();
        Assert.Equal(pauses.Order(), pauses);
        Assert.Equal(LinkSettings.MaxProbeAfter, pauses[^1]);
        Assert.Null(sender.Next());
        Assert.True(sender.BytesInFlight <= Window);
    }

    [Fact]
    public void An_end_that_is_slow_gets_nothing_twice()
    {
        var (sender, receiver) = (new LinkSender(PacketBytes, Window), new LinkReceiver(Window / 8, Window));
        for (var i = 0; i < 5; i++) sender.Enqueue(ParcelOf(i, 900));
        // Everything stands in line at the other end, questions behind what they ask for.
        var line = new Queue<object>();
        while (sender.Next() is { } packet) line.Enqueue(packet);
        for (var tick = 0; tick < 100; tick++)
        {
            if (sender.Tick() is { } probe) line.Enqueue(probe);
        }
        Assert.True(line.Count > 5);
        while (line.TryDequeue(out var message))
        {
            if (message is not LinkProbe probe) receiver.Accept((LinkPacket)message);
            else Assert.Empty(sender.Acknowledge(receiver.Answer(probe)));
        }
        Assert.Equal(sender.Sent, sender.Acknowledged);
        Assert.Null(sender.Next());
    }

    [Fact]
    public void What_makes_no_sense_is_refused_or_ignored()
    {
        var (sender, receiver) = (new LinkSender(PacketBytes, Window), new LinkReceiver(Window / 8, Window));
        Assert.Throws<WireException>(() => receiver.Accept(new LinkFrame(0, [])));
        Assert.Throws<WireException>(() => receiver.Accept(new LinkChunk(-5, 0, 0, default)));
        for (var number = 2; number < 100; number++) receiver.Accept(new LinkFrame(number, [ParcelOf(1, 900)]));
        Assert.InRange(receiver.BytesKept, Window / 2, Window);
        sender.Enqueue(ParcelOf(1, 100));
        var packet = sender.Next();
        // Taken at its word, each of these would forget a packet that never arrived, or send one for ever.
        foreach (var next in (long[])[long.MinValue, -3, 0, 3, long.MaxValue])
            Assert.Throws<WireException>(() => sender.Acknowledge(new LinkAcknowledgement(next, [])));
        foreach (var (first, last) in ((long, long)[])[(-7, 1), (0, 1), (1, 2), (1, long.MaxValue), (1, 0)])
        {
            var range = new PacketRange(first, last);
            Assert.Throws<WireException>(() => sender.Acknowledge(new LinkAcknowledgement(1, [range])));
        }
        var one = new PacketRange(1, 1);
        Assert.Throws<WireException>(() => sender.Acknowledge(new LinkAcknowledgement(1, [one, one])));
        Assert.Equal([packet!], sender.Acknowledge(new LinkAcknowledgement(1, [one])));
        Assert.True(sender.Acknowledged < sender.Sent);
        Assert.Empty(sender.Acknowledge(new LinkAcknowledgement(2, [])));
        Assert.Equal(sender.Sent, sender.Acknowledged);
        Assert.Null(sender.Next());
    }

    [Fact]
    public void A_tensor_of_64_MB_is_never_more_than_a_window_on_its_way()
    {
        var (sender, receiver) = (new LinkSender(LinkSettings.PacketBytes, LinkSettings.Window),
            new LinkReceiver(LinkSettings.AcknowledgeEvery, LinkSettings.Window));
        sender.Enqueue(ParcelOf(7, 64 << 20));
        var received = new List<Parcel>();
        while (received.Count == 0)
        {
            Assert.True(sender.BytesInFlight <= LinkSettings.Window);
            if (sender.Next() is { } packet)
            {
                Assert.True(packet.Size < 64 * 1024);
                received.AddRange(receiver.Accept(packet));
            }
            else
            {
                // Without a loss there is always an acknowledgement due where the sender waits for one.
                var answer = receiver.Acknowledgement(isLate: false);
                Assert.NotNull(answer);
                sender.Acknowledge(answer);
            }
        }
        Assert.Equal(64 << 20, Assert.Single(received).Payload.Length);
    }

    [Theory]
    [InlineData(-1, 10, 5)]
    [InlineData(1, 10, 5)]
    [InlineData(0, 0, 5)]
    [InlineData(6, 10, 5)]
    [InlineData(0, 4, 5)]
    [InlineData(0, 1L << 40, 5)]
    [InlineData(0, 10, 0)]
    public void A_part_that_does_not_fit_is_refused(long offset, long total, int length) =>
    Assert.Throws<WireException>(() =>
        new LinkReceiver(100, Window).Accept(PartOf(1, offset, total, length)));

    [Theory]
    [InlineData(4, 10, 6)]
    [InlineData(7, 10, 3)]
    [InlineData(6, 11, 4)]
    [InlineData(6, 10, 5)]
    public void A_part_that_does_not_follow_the_one_before_is_refused(long offset, long total, int length)
    {
        var receiver = new LinkReceiver(100, Window);
        receiver.Accept(PartOf(1, 0, 10, 6));
        Assert.Throws<WireException>(() => receiver.Accept(PartOf(2, offset, total, length)));
    }

    private static LinkChunk PartOf(long number, long offset, long total, int length) =>
        new(number, offset, total, new byte[length]);

    private static (Parcel, string) ContentOf(Parcel parcel) =>
        (parcel with { Payload = default }, Convert.ToHexString(parcel.Payload.Span));

    private static Parcel ParcelOf(int number, int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(number + i);
        return new Parcel(number, 1, "test", bytes);
    }
}
