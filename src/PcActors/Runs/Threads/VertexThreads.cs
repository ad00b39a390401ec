using Akka.Dispatch;
using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Runs.Threads;

/// <summary>The threads on which a run's vertices are carried out.</summary>
/// <remarks>
/// <para>A vertex that gets a message from one on the same thread follows it there, while its message is in the
/// cache. Others take it over where so much waits that it is worth fetching, or where the first has waited for longer
/// than a message takes; so a wave stays where it is and what lies beside it is shared out. Those that have nothing to
/// do at all help with large kernels, look on for a while, and then sleep.</para>
/// <para>Actors on these threads must not wait for each other.</para>
/// </remarks>
internal sealed class VertexThreads : ExecutorService
{
    private readonly VertexThread[] _threads;
    private readonly Action<Exception> _report;
    private readonly RunQueue _fromOutside = new();
    private readonly KernelHelpers _helpers;
    private readonly Lock _end = new();
    private bool _isOver;

    /// <summary>Starts threads.</summary>
    /// <param name="id">The dispatcher's name.</param>
    /// <param name="count">How many, at least one.</param>
    /// <param name="report">Is told what comes out of one that is carried out. An actor's own failures do not.</param>
    public VertexThreads(string id, int count, Action<Exception> report)
        : base(id)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _report = report;
        _helpers = new KernelHelpers(count);
        _threads = [.. Enumerable.Range(0, count).Select(place => new VertexThread(this, place))];
        foreach (var thread in _threads) thread.Start(id);
    }

    /// <summary>How many there are.</summary>
    public int Count => _threads.Length;

    /// <summary>Whether the threads are to end.</summary>
    public bool IsOver => Volatile.Read(ref _isOver);

    /// <summary>What threads that are none of these have left.</summary>
    public RunQueue FromOutside => _fromOutside;

    /// <summary>How they help each other.</summary>
    public KernelHelpers Helpers => _helpers;

    /// <inheritdoc/>
    /// <exception cref="RejectedExecutionException">The threads have been told to end.</exception>
    public override void Execute(IRunnable run)
    {
        if (KernelThreads.PlaceAmong(_helpers) is var place and >= 0)
        {
            Leave(run, place, run is Mailbox { MessageQueue: SmallMessageQueue queue } ? queue.Home : VertexHomes.None);
            return;
        }
        // What is let in is there when the threads look for the last time.
        lock (_end)
        {
            if (IsOver) throw new RejectedExecutionException("the threads of the run have ended");
            _fromOutside.Add(run);
        }
        _helpers.Idle.WakeOne();
    }

    /// <summary>Leaves one, on one of the threads.</summary>
    /// <param name="run">What is to be carried out.</param>
    /// <param name="place">The calling thread, from 0.</param>
    /// <param name="home">The thread on which it lives; <see cref="VertexHomes.None"/> if on none.</param>
    public void Leave(IRunnable run, int place, int home)
    {
        if (home >= 0 && home < _threads.Length)
        {
            var waiting = _threads[home].AtHome.Add(run);
            if (home != place) _helpers.Idle.Wake(home);
            if (_threads[home].Turn.IsMuch(waiting)) _helpers.Idle.WakeOne();
        }
        // Little is for the thread itself, when it is done with what it is at.
        else if (_threads[place].Turn.IsMuch(_threads[place].Queue.Add(run))) _helpers.Idle.WakeOne();
    }

    /// <summary>Carries one out.</summary>
    public void CarryOut(IRunnable run)
    {
        try
        {
            run.Run();
        }
        catch (Exception e)
        {
            _report(e);
        }
    }

    /// <inheritdoc/>
    public override void Shutdown()
    {
        lock (_end) Volatile.Write(ref _isOver, true);
        _helpers.Idle.WakeAll();
    }

    /// <summary>Takes over what waits for another thread.</summary>
    /// <param name="place">The thread that looks, from 0.</param>
    /// <param name="seen">What it has seen before of those that follow their messages.</param>
    /// <param name="seenAtHome">What it has seen before of those that live with another.</param>
    public IRunnable? TakeOver(int place, Sight seen, Sight seenAtHome)
    {
        for (var i = 1; i < _threads.Length; i++)
        {
            var other = (place + i) % _threads.Length;
            var atHome = _threads[other].AtHome;
            if (atHome.Count == 0) seenAtHome.Clear(other);
            else if (seenAtHome.IsLate(other, atHome.Taken) && atHome.Take() is { } late) return late;
            var queue = _threads[other].Queue;
            var count = queue.Count;
            if (count == 0) seen.Clear(other);
            if (count == 0 || (!_threads[other].Turn.IsMuch(count) && !seen.IsLate(other, queue.Taken))) continue;
            if (queue.Take() is { } run) return run;
        }
        return null;
    }

    /// <summary>Takes what was left before the end, where the thread that it was left for may have ended.</summary>
    public IRunnable? TakeLast()
    {
        foreach (var thread in _threads)
        {
            if (thread.AtHome.Take() is { } run) return run;
        }
        return _fromOutside.Take();
    }

    /// <summary>Whether there is anything that a thread that sleeps would have to do.</summary>
    public bool IsSomethingThere() =>
        IsOver || _fromOutside.Count > 0 || _helpers.IsHelpWanted()
        || Array.Exists(_threads, t => t.Queue.Count > 0 || t.AtHome.Count > 0);
}
