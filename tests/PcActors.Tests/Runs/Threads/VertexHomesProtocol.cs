using Akka.Dispatch;
using PcActors.Runs.Threads;
using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Tests.Runs.Threads;

/// <summary>What lives on a thread is left to it, and waits for it, but not for ever.</summary>
public sealed class VertexHomesProtocol : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly StartedThreads _started = new();

    public void Dispose() => _started.Dispose();

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
        using var done = new ManualResetEventSlim();
        var threads = Start(2);
        // Both sleep.
        Thread.Sleep(100);
        var isCarriedOut = false;
        threads.Execute(new Counted(() =>
        {
            var other = 1 - KernelThreads.PlaceAmong(threads.Helpers);
            threads.Execute(new Mailbox(new SmallMessageQueue { Home = other }));
            isCarriedOut = SpinWait.SpinUntil(() => !_started.Failures.IsEmpty, TimeSpan.FromSeconds(20));
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

    private VertexThreads Start(int count) => _started.Start(count);
}
