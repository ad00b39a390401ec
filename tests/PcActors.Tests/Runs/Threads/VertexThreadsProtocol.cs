using Akka.Dispatch;
using PcActors.Runs.Threads;
using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Tests.Runs.Threads;

/// <summary>What is left for the threads of a run is carried out, once, whoever leaves it and whoever sleeps.</summary>
public sealed class VertexThreadsProtocol : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly StartedThreads _started = new();

    public void Dispose() => _started.Dispose();

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
        Assert.Equal("1", Assert.Single(_started.Failures).Message);
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

    private VertexThreads Start(int count) => _started.Start(count);
}
