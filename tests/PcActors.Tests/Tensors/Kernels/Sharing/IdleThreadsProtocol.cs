using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Tests.Tensors.Kernels.Sharing;

/// <summary>Nothing that is left is slept through.</summary>
public sealed class IdleThreadsProtocol
{
    [Fact]
    public void Who_finds_something_before_it_sleeps_does_not()
    {
        var idle = new IdleThreads(1);
        idle.Sleep(0, () => true);
        // Nor is anybody counted as asleep who would take the place of one that is.
        idle.WakeOne();
        idle.Wake(0);
        idle.Sleep(0, () => true);
    }

    [Fact]
    public async Task What_is_left_while_threads_go_to_sleep_is_found()
    {
        const int items = 20_000;
        var idle = new IdleThreads(3);
        var (left, taken, isOver) = (0, 0, false);
        var sleepers = Enumerable.Range(0, 3).Select(
            place => Task.Factory.StartNew(() => Take(place), TaskCreationOptions.LongRunning));
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

        void Take(int place)
        {
            while (!Volatile.Read(ref isOver))
            {
                var there = Volatile.Read(ref left);
                if (there == 0) idle.Sleep(place, () => Volatile.Read(ref left) > 0 || Volatile.Read(ref isOver));
                else if (Interlocked.CompareExchange(ref left, there - 1, there) == there)
                    Interlocked.Increment(ref taken);
            }
        }
    }

    // A call that went to another would leave this one asleep for ever.
    [Fact]
    public async Task The_thread_that_is_meant_is_woken()
    {
        const int rounds = 5_000;
        var idle = new IdleThreads(3);
        var left = new int[3];
        Task[] sleepers = [.. Enumerable.Range(0, 3).Select(
            place => Task.Factory.StartNew(() => Take(place), TaskCreationOptions.LongRunning))];
        for (var i = 0; i < rounds; i++)
        {
            var place = i % 3;
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref left[place]) == 0, TimeSpan.FromSeconds(60)));
            Volatile.Write(ref left[place], 1);
            idle.Wake(place);
        }
        for (var place = 0; place < 3; place++)
        {
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref left[place]) == 0, TimeSpan.FromSeconds(60)));
            Volatile.Write(ref left[place], -1);
            idle.Wake(place);
        }
        await Task.WhenAll(sleepers).WaitAsync(TimeSpan.FromSeconds(60));

        void Take(int place)
        {
            while (Volatile.Read(ref left[place]) is var there and >= 0)
            {
                if (there == 0) idle.Sleep(place, () => Volatile.Read(ref left[place]) != 0);
                else Volatile.Write(ref left[place], 0);
            }
        }
    }
}
