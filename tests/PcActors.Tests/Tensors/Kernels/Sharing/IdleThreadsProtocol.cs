using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Tests.Tensors.Kernels.Sharing;

/// <summary>Nothing that is left is slept through.</summary>
public sealed class IdleThreadsProtocol
{
    [Fact]
    public void Who_finds_something_before_it_sleeps_does_not()
    {
        var idle = new IdleThreads();
        idle.Sleep(() => true);
        // Nor is anybody counted as asleep who would take the place of one that is.
        idle.WakeOne();
        idle.Sleep(() => true);
    }

    [Fact]
    public async Task What_is_left_while_threads_go_to_sleep_is_found()
    {
        const int items = 20_000;
        var idle = new IdleThreads();
        var (left, taken, isOver) = (0, 0, false);
        var sleepers = Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(Take, TaskCreationOptions.LongRunning));
        Task[] started = [.. sleepers];
        for (var i = 0; i < items; i++)
        {
            Interlocked.Increment(ref left);
            idle.WakeOne();
            if (i % 7 == 0) Thread.SpinWait(50);
        }
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref taken) == items, TimeSpan.FromSeconds(60)));
        Volatile.Write(ref isOver, true);
        idle.WakeAll();
        await Task.WhenAll(started).WaitAsync(TimeSpan.FromSeconds(60));

        void Take()
        {
            while (!Volatile.Read(ref isOver))
            {
                var there = Volatile.Read(ref left);
                if (there == 0) idle.Sleep(() => Volatile.Read(ref left) > 0 || Volatile.Read(ref isOver));
                else if (Interlocked.CompareExchange(ref left, there - 1, there) == there)
                    Interlocked.Increment(ref taken);
            }
        }
    }
}
