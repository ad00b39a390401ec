using PcActors.Cluster.Links;
using PcActors.Cluster.Wire;
using PcActors.Tensors;

namespace PcActors.Tests.Cluster;

/// <summary>Two ends of a link and a channel that loses, doubles and holds back whatever goes
/// through it, both ways.</summary>
/// <param name="random">Chooses.</param>
/// <param name="packetBytes">Of a packet, about.</param>
/// <param name="window">Bytes on their way.</param>
/// <param name="lost">Of a hundred messages, so many are lost.</param>
/// <param name="doubled">So many come twice.</param>
/// <param name="late">So many come after others that were sent later.</param>
internal sealed class LossyLink(SeededRandom random, int packetBytes, long window, int lost, int doubled, int late)
{
    private readonly List<object> _there = [];
    private readonly List<object> _back = [];

    public LinkSender Sender { get; } = new(packetBytes, window);

    public LinkReceiver Receiver { get; } = new(window / 8, window);

    public List<Parcel> Delivered { get; } = [];

    public int Turns { get; private set; }

    public int Resent { get; private set; }

    /// <summary>Both ends do what they would do within a unit of time.</summary>
    public void Turn()
    {
        Turns++;
        while (Sender.Next() is { } packet) Send(_there, packet);
        Drain(_there, message =>
        {
            if (message is LinkProbe probe) Send(_back, Receiver.Answer(probe));
            else Delivered.AddRange(Receiver.Accept((LinkPacket)message));
            if (Receiver.Acknowledgement(isLate: false) is { } answer) Send(_back, answer);
        });
        if (Receiver.Acknowledgement(isLate: true) is { } rest) Send(_back, rest);
        Drain(_back, message =>
        {
            foreach (var packet in Sender.Acknowledge((LinkAcknowledgement)message))
            {
                Resent++;
                Send(_there, packet);
            }
        });
        if (Sender.Tick() is { } question) Send(_there, question);
    }

    private void Send(List<object> channel, object message)
    {
        if (random.NextInt(100) < lost) return;
        for (var copies = random.NextInt(100) < doubled ? 2 : 1; copies > 0; copies--)
        {
            var place = random.NextInt(100) < late ? random.NextInt(channel.Count + 1) : channel.Count;
            channel.Insert(place, message);
        }
    }

    // A part stays behind for the next turn.
    private void Drain(List<object> channel, Action<object> take)
    {
        for (var count = late == 0 ? channel.Count : random.NextInt(channel.Count + 1); count > 0; count--)
        {
            var message = channel[0];
            channel.RemoveAt(0);
            take(message);
        }
    }
}
