using Akka.Dispatch;

namespace PcActors.Runs.Threads;

/// <summary>Actors with messages, in the order in which they got their first.</summary>
internal sealed class RunQueue
{
    private readonly Lock _lock = new();
    private IRunnable?[] _ring = new IRunnable?[64];
    private int _taken;
    private int _count;

    /// <summary>How many wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many have been taken out so far: where it is as it was, the first is still the same.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Puts one at the end.</summary>
    /// <returns>How many wait now.</returns>
    public int Add(IRunnable run)
    {
        lock (_lock)
        {
            if (_count == _ring.Length) Grow();
            _ring[(_taken + _count) & (_ring.Length - 1)] = run;
            return ++_count;
        }
    }

    /// <summary>Takes the first out; null where none waits.</summary>
    public IRunnable? Take()
    {
        if (Count == 0) return null;
        lock (_lock)
        {
            if (_count == 0) return null;
            ref var first = ref _ring[_taken & (_ring.Length - 1)];
            var run = first;
            first = null;
            _taken++;
            _count--;
            return run;
        }
    }

    private void Grow()
    {
        // Positions are counted on, and taken modulo the length.
        var larger = new IRunnable?[2 * _ring.Length];
        for (var i = 0; i < _count; i++)
            larger[(_taken + i) & (larger.Length - 1)] = _ring[(_taken + i) & (_ring.Length - 1)];
        _ring = larger;
    }
}
