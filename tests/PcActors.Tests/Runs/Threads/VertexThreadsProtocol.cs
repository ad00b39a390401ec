using System.Collections.Concurrent;
using Akka.Dispatch;
using PcActors.Runs.Threads;
using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Tests.Runs.Threads;

/// <summary>What is left for the threads of a run is carried out, once, whoever leaves it and whoever sleeps.</summary>
public sealed class VertexThreadsProtocol : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<VertexThreads> _started = [];
    private readonly ConcurrentQueue<Exception> _failures = new();

    public void Dispose()
    {
        foreach (var threads in _started) threads.Shutdown();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void All_is_carried_out_once(int count)
    {
        const int roots = 200;
        const int depth = 50;
        var (threads, times) = (Start(count), new int[roots * depth]);
        using var done = new CountdownEvent(roots * depth);
        // From outside, each at a moment of its own, and from there on from within.
        for (var root = 0; root < roots; root++)
        {
            Leave(root, 0);
            if (root % 50 == 0) Thread.Sleep(10);
        }
        Assert.True(done.Wait(Patience));
        Assert.All(times, n => Assert.Equal(1, n));

        void Leave(int root, int level) => threads.Execute(new Counted(() =>
        {
            Interlocked.Increment(ref times[(root * depth) + level]);
            if (level + 1 < depth) Leave(root, level + 1);
            done.Signal();
        }));
    }

    // A thread that is long at something does not keep for itself what it has left: one thing or several.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void What_a_busy_thread_leaves_is_taken_over(int left)
    {
        var threads = Start(2);
        using var others = new CountdownEvent(left);
        using var done = new ManualResetEventSlim();
        var isTakenOver = false;
        // The other one looks about.
        threads.Execute(new Counted(() => Thread.SpinWait(100)));
        threads.Execute(new Counted(() =>
        {
            // More than one wakes the other thread; the only one is taken over by a thread that is awake.
            for (var i = 0; i < left; i++) threads.Execute(new Counted(() => others.Signal()));
            if (left == 1) threads.Helpers.Idle.WakeOne();
            isTakenOver = others.Wait(Patience);
            done.Set();
        }));
        Assert.True(done.Wait(Patience));
        Assert.True(isTakenOver);
    }

    // Where a thread is kept off its processor for long the other one takes over: not every turn need be at home.
    [Fact]
    public void What_lives_on_a_thread_is_left_to_it()
    {
        const int turns = 2_000;
        var threads = Start(3);
        using var done = new ManualResetEventSlim();
        var places = new List<(int Home, int Place)>();
        threads.Execute(new Counted(() => Turn(0)));
        Assert.True(done.Wait(Patience));
        Assert.All(Enumerable.Range(0, 3), home => Assert.Contains((home, home), places.Skip(1)));

        // One after the other: each leaves the next.
        void Turn(int home)
        {
            var place = KernelThreads.PlaceAmong(threads.Helpers);
            places.Add((home, place));
            if (places.Count < turns) threads.Leave(new Counted(() => Turn((home + 1) % 3)), place, (home + 1) % 3);
            else done.Set();
        }
    }

    // One that is left to the thread itself wakes nobody. A mailbox of no actor fails where it is carried out.
    [Fact]
    public void The_thread_on_which_a_mailbox_lives_is_woken_for_it()
    {
        using var failed = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        var threads = new VertexThreads("test", 2, _ => failed.Set());
        _started.Add(threads);
        // Both sleep.
        Thread.Sleep(100);
        var isCarriedOut = false;
        threads.Execute(new Counted(() =>
        {
            var other = 1 - KernelThreads.PlaceAmong(threads.Helpers);
            threads.Execute(new Mailbox(new SmallMessageQueue { Home = other }));
            isCarriedOut = failed.Wait(TimeSpan.FromSeconds(20));
            done.Set();
        }));
        Assert.True(done.Wait(Patience));
        Assert.True(isCarriedOut);
    }

    // The other thread has ended, or is about to.
    [Fact]
    public void What_is_left_after_the_end_for_a_thread_that_has_ended_is_carried_out()
    {
        for (var round = 0; round < 20; round++)
        {
            var threads = Start(2);
            using var over = new ManualResetEventSlim();
            using var done = new ManualResetEventSlim();
            threads.Execute(new Counted(() =>
            {
                over.Wait(Patience);
                Thread.Sleep(round % 4 * 2);
                var place = KernelThreads.PlaceAmong(threads.Helpers);
                threads.Leave(new Counted(done.Set), place, 1 - place);
            }));
            threads.Shutdown();
            over.Set();
            Assert.True(done.Wait(Patience));
        }
    }

    [Fact]
    public void What_lives_on_a_busy_thread_is_taken_over_when_it_has_waited_for_long()
    {
        var threads = Start(2);
        using var other = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        var isTakenOver = false;
        threads.Execute(new Counted(() =>
        {
            var place = KernelThreads.PlaceAmong(threads.Helpers);
            threads.Leave(new Counted(other.Set), place, place);
            threads.Helpers.Idle.WakeOne();
            isTakenOver = other.Wait(Patience);
            done.Set();
        }));
        Assert.True(done.Wait(Patience));
        Assert.True(isTakenOver);
    }

    // The parts wait for each other, so one thread alone would never come to an end.
    [Fact]
    public void Threads_that_sleep_are_woken_to_help_with_a_kernel()
    {
        var threads = Start(2);
        for (var round = 0; round < 20; round++)
        {
            using var both = new Barrier(2);
            using var done = new ManualResetEventSlim();
            var met = 0;
            Thread.Sleep(round % 5 * 3);
            threads.Execute(new Counted(() =>
            {
                var before = KernelThreads.Use(2);
                KernelThreads.Run(2, _ =>
                {
                    if (both.SignalAndWait(Patience)) Interlocked.Increment(ref met);
                });
                KernelThreads.Use(before);
                done.Set();
            }));
            Assert.True(done.Wait(Patience));
            Assert.Equal(2, met);
        }
    }

    [Fact]
    public void Threads_of_two_runs_leave_each_other_what_is_theirs()
    {
        var (first, second) = (Start(1), Start(1));
        using var done = new CountdownEvent(2);
        var ids = new int[3];
        first.Execute(new Counted(() =>
        {
            ids[0] = Environment.CurrentManagedThreadId;
            second.Execute(new Counted(() =>
            {
                ids[1] = Environment.CurrentManagedThreadId;
                done.Signal();
            }));
            first.Execute(new Counted(() =>
            {
                ids[2] = Environment.CurrentManagedThreadId;
                done.Signal();
            }));
        }));
        Assert.True(done.Wait(Patience));
        Assert.Equal(ids[0], ids[2]);
        Assert.NotEqual(ids[0], ids[1]);
    }

    // Two threads are long at something, and each has left one: the third one takes over both.
    [Fact]
    public void What_several_busy_threads_leave_is_taken_over_by_one()
    {
        var threads = Start(3);
        using var left = new CountdownEvent(2);
        using var done = new CountdownEvent(2);
        var taken = 0;
        for (var i = 0; i < 2; i++)
        {
            threads.Execute(new Counted(() =>
            {
                threads.Execute(new Counted(() => left.Signal()));
                threads.Helpers.Idle.WakeOne();
                if (left.Wait(Patience)) Interlocked.Increment(ref taken);
                done.Signal();
            }));
        }
        Assert.True(done.Wait(Patience));
        Assert.Equal(2, taken);
    }

    [Fact]
    public void What_fails_is_told_and_what_follows_is_carried_out()
    {
        var threads = Start(1);
        using var done = new ManualResetEventSlim();
        threads.Execute(new Counted(() => throw new ArithmeticException("1")));
        threads.Execute(new Counted(done.Set));
        Assert.True(done.Wait(Patience));
        Assert.Equal("1", Assert.Single(_failures).Message);
    }

    [Fact]
    public void What_comes_before_the_end_is_carried_out_and_what_comes_after_it_is_refused()
    {
        for (var round = 0; round < 50; round++)
        {
            var threads = Start(2);
            using var done = new CountdownEvent(3);
            for (var i = 0; i < 3; i++) threads.Execute(new Counted(() => done.Signal()));
            threads.Shutdown();
            Assert.True(done.Wait(Patience));
            Assert.Throws<RejectedExecutionException>(() => threads.Execute(new Counted(() => { })));
        }
    }

    [Fact]
    public void There_is_at_least_one_thread() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new VertexThreads("none", 0, _ => { }));

    private VertexThreads Start(int count)
    {
        var threads = new VertexThreads("test", count, _failures.Enqueue);
        _started.Add(threads);
        return threads;
    }
}
