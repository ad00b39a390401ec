using Akka.Actor;
using Akka.Dispatch.MessageQueues;
using PcActors.Runs.Threads;

namespace PcActors.Tests.Runs.Threads;

/// <summary>What is put into a vertex's mailbox comes out once, in order, and none is left lying.</summary>
public sealed class SmallMessageQueueProperties
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_is_a_queue(int seed)
    {
        var (random, queue, model) = (new Random(seed), new SmallMessageQueue(), new Queue<object>());
        for (var turn = 0; turn < 20_000; turn++)
        {
            // It grows for a while and shrinks for a while, to nothing now and then.
            var isGrowing = turn / 500 % 2 == 0;
            if (random.Next(10) < (isGrowing ? 7 : 3))
            {
                object message = turn;
                queue.Enqueue(ActorRefs.Nobody, new Envelope(message, ActorRefs.NoSender));
                model.Enqueue(message);
            }
            else
            {
                Assert.Equal(model.TryDequeue(out var wanted), queue.TryDequeue(out var envelope));
                Assert.Same(wanted, envelope.Message);
            }
            Assert.Equal((model.Count, model.Count > 0), (queue.Count, queue.HasMessages));
        }
    }

    [Fact]
    public void What_is_left_at_the_end_goes_where_it_is_told_to()
    {
        var (queue, letters) = (new SmallMessageQueue(), new UnboundedMessageQueue());
        for (var i = 0; i < 5; i++) queue.Enqueue(ActorRefs.Nobody, new Envelope(i, ActorRefs.NoSender));
        queue.CleanUp(ActorRefs.Nobody, letters);
        Assert.False(queue.HasMessages);
        Assert.Equal(5, letters.Count);
        Assert.True(letters.TryDequeue(out var first));
        Assert.Equal(0, first.Message);
    }

    // An actor that has found nothing says so and looks once more; who has put something in looks whether it runs.
    // Where one's look could miss what the other has just done, a message would lie there for ever.
    [Theory]
    [InlineData(1, 20_000)]
    [InlineData(3, 20_000)]
    public async Task No_message_is_left_lying(int senders, int messages)
    {
        var queue = new SmallMessageQueue();
        using var turns = new SemaphoreSlim(0);
        var (isScheduled, received, isInOrder, last) = (0, 0, true, new int[senders]);
        Array.Fill(last, -1);
        var actor = Task.Run(() =>
        {
            while (received < senders * messages && turns.Wait(Patience))
            {
                while (queue.TryDequeue(out var envelope))
                {
                    var (sender, number) = ((int, int))envelope.Message;
                    isInOrder &= number == ++last[sender];
                    Volatile.Write(ref received, received + 1);
                }
                Interlocked.Exchange(ref isScheduled, 0);
                if (queue.HasMessages) Schedule();
            }
        });

        await Task.WhenAll(Enumerable.Range(0, senders).Select(sender => Task.Run(() =>
        {
            for (var number = 0; number < messages; number++)
            {
                queue.Enqueue(ActorRefs.Nobody, new Envelope((sender, number), ActorRefs.NoSender));
                // Plainly, as Akka does: a turn that is said to run is not waited for.
                if (Volatile.Read(ref isScheduled) == 0) Schedule();
                // The next one comes when the actor is about to find that there is none.
                while (Volatile.Read(ref received) <= number && !actor.IsCompleted) Thread.SpinWait(1);
            }
        })));

        await actor;
        Assert.Equal((senders * messages, true), (received, isInOrder));

        void Schedule()
        {
            if (Interlocked.CompareExchange(ref isScheduled, 1, 0) == 0) turns.Release();
        }
    }
}
