namespace PcActors.Tensors.Kernels.Sharing;

/// <summary>Where threads sleep that have found nothing to do, and are woken one by one.</summary>
internal sealed class IdleThreads
{
    private readonly object _gate = new();

    // Those that sleep, or are about to, and that nobody has woken; and those that are woken and do not know yet.
    private int _asleep;
    private int _woken;

    /// <summary>Wakes a thread, if one sleeps, to look for what the caller has left for others.</summary>
    public void WakeOne()
    {
        // A thread that is about to sleep sees what was left, or is seen here.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _asleep) == 0) return;
        lock (_gate)
        {
            if (_asleep == 0) return;
            _asleep--;
            _woken++;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Wakes all that sleep.</summary>
    public void WakeAll()
    {
        lock (_gate)
        {
            (_woken, _asleep) = (_woken + _asleep, 0);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Sleeps until it is woken, if there is nothing to do.</summary>
    /// <param name="isSomethingThere">Whether there is something to do all the same. It must not wait.</param>
    public void Sleep(Func<bool> isSomethingThere)
    {
        lock (_gate)
        {
            Interlocked.Increment(ref _asleep);
            if (isSomethingThere())
            {
                _asleep--;
                return;
            }
            while (_woken == 0) Monitor.Wait(_gate);
            _woken--;
        }
    }
}
