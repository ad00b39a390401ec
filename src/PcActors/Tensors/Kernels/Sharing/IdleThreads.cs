namespace PcActors.Tensors.Kernels.Sharing;

/// <summary>Where threads sleep that have found nothing to do, and are woken one by one.</summary>
/// <param name="threads">How many threads there are.</param>
internal sealed class IdleThreads(int threads)
{
    private readonly object _gate = new();
    private readonly Bed[] _beds = [.. Enumerable.Range(0, threads).Select(_ => new Bed())];

    // Those that sleep, or are about to, and that nobody has woken.
    private readonly bool[] _isAsleep = new bool[threads];
    private int _asleep;

    /// <summary>Wakes a thread, if one sleeps, to look for what the caller has left for others.</summary>
    public void WakeOne()
    {
        // A thread that is about to sleep sees what was left, or is seen here.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _asleep) == 0) return;
        lock (_gate)
        {
            if (Array.IndexOf(_isAsleep, true) is var place and >= 0) WakeUp(place);
        }
    }

    /// <summary>Wakes a thread, if it sleeps, to look for what the caller has left for it.</summary>
    /// <param name="place">Which one, from 0.</param>
    public void Wake(int place)
    {
        Interlocked.MemoryBarrier();
        if (!Volatile.Read(ref _isAsleep[place])) return;
        lock (_gate)
        {
            if (_isAsleep[place]) WakeUp(place);
        }
    }

    /// <summary>Wakes all that sleep.</summary>
    public void WakeAll()
    {
        lock (_gate)
        {
            for (var place = 0; place < _isAsleep.Length; place++)
            {
                if (_isAsleep[place]) WakeUp(place);
            }
        }
    }

    /// <summary>Sleeps until it is woken, if there is nothing to do.</summary>
    /// <param name="place">The calling thread, from 0.</param>
    /// <param name="isSomethingThere">Whether there is something to do all the same. It must not wait.</param>
    public void Sleep(int place, Func<bool> isSomethingThere)
    {
        lock (_gate)
        {
            _isAsleep[place] = true;
            Interlocked.Increment(ref _asleep);
            if (isSomethingThere())
            {
                _isAsleep[place] = false;
                _asleep--;
                return;
            }
        }
        var bed = _beds[place];
        lock (bed)
        {
            while (!bed.IsCalled) Monitor.Wait(bed);
            bed.IsCalled = false;
        }
    }

    private void WakeUp(int place)
    {
        _isAsleep[place] = false;
        _asleep--;
        var bed = _beds[place];
        lock (bed)
        {
            bed.IsCalled = true;
            Monitor.Pulse(bed);
        }
    }

    /// <summary>Where one thread sleeps.</summary>
    private sealed class Bed
    {
        /// <summary>Whether it has been woken, and has not got up yet.</summary>
        public bool IsCalled { get; set; }
    }
}
