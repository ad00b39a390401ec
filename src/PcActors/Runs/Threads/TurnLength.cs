namespace PcActors.Runs.Threads;

/// <summary>How long a thread's turns with an actor have lately been, and what that makes of those that wait.</summary>
/// <remarks>The thread itself measures; others may ask.</remarks>
/// <param name="frequency">Ticks of the clock in a second.</param>
internal sealed class TurnLength(long frequency)
{
    /// <summary>Turns of which the length is taken.</summary>
    public const int Turns = 32;

    // What an actor and its neighbours have in one processor's cache takes another one about as long to fetch: 4 us.
    private readonly long _much = frequency / 250_000;

    private long _since;
    private int _ticks;

    /// <summary>So many turns have passed.</summary>
    /// <param name="now">The clock, not 0.</param>
    public void Measure(long now)
    {
        if (_since != 0) Volatile.Write(ref _ticks, (int)Math.Min((now - _since) / Turns, int.MaxValue));
        _since = now;
    }

    /// <summary>There is a pause, which is no turn's.</summary>
    public void Pause() => _since = 0;

    /// <summary>Whether so many actors are more than the thread is soon done with: several, for longer than fetching
    /// them takes, as far as it is known.</summary>
    public bool IsMuch(int actors)
    {
        var turn = Volatile.Read(ref _ticks);
        return actors > 1 && (turn == 0 || (long)actors * turn >= _much);
    }
}
