using Akka.Dispatch;
using PcActors.Runs.Threads;

namespace PcActors.Tests.Runs.Threads;

/// <summary>The queue is one for any order of putting in and taking out.</summary>
public sealed class RunQueueProperties
{
    [Fact]
    public void What_comes_first_is_taken_first()
    {
        var random = new Random(4);
        var (queue, expected) = (new RunQueue(), new Queue<IRunnable>());
        for (var i = 0; i < 5_000; i++)
        {
            // It grows to several hundreds, and is emptied in between.
            if (random.Next(1000) < (i / 1000 % 2 == 0 ? 600 : 300))
            {
                var run = new Counted(() => { });
                expected.Enqueue(run);
                Assert.Equal(expected.Count, queue.Add(run));
            }
            else
            {
                Assert.Same(expected.TryDequeue(out var first) ? first : null, queue.Take());
            }
            Assert.Equal(expected.Count, queue.Count);
        }
    }

    [Fact]
    public async Task Several_threads_take_each_once()
    {
        const int count = 20_000;
        var (queue, taken) = (new RunQueue(), new int[count]);
        IRunnable[] runs = [.. Enumerable.Range(0, count)
            .Select(i => new Counted(() => Interlocked.Increment(ref taken[i])))];
        var left = count;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var i = thread; i < count; i += 4)
            {
                queue.Add(runs[i]);
                if (queue.Take() is { } run) Take(run);
            }
            while (Volatile.Read(ref left) > 0)
            {
                if (queue.Take() is { } run) Take(run);
                else Thread.Yield();
            }
        })));
        Assert.All(taken, times => Assert.Equal(1, times));

        void Take(IRunnable run)
        {
            run.Run();
            Interlocked.Decrement(ref left);
        }
    }
}

/// <summary>Does something when it is run.</summary>
internal sealed class Counted(Action action) : IRunnable
{
    public void Run() => action();

    public void Execute() => action();
}
