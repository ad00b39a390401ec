using System.Globalization;

namespace PcActors.Runs;

/// <summary>How long a step may go without a sign of progress and how often it is tried again.</summary>
/// <param name="Timeout">After this time without a report, an attempt is abandoned.</param>
/// <param name="MaxRetries">Further attempts before the run fails.</param>
internal sealed record RetryPolicy(TimeSpan Timeout, int MaxRetries);

/// <summary>How often the work at hand has been tried, and how long it has gone without a sign of progress.</summary>
internal sealed class Attempts(RetryPolicy policy)
{
    private TimeSpan _idle;
    private bool _hasProgressed;

    /// <summary>Attempts, the one at hand among them.</summary>
    public int Count { get; private set; }

    /// <summary>Whether there is no further one.</summary>
    public bool AreSpent => Count > policy.MaxRetries;

    /// <summary>How long an attempt waits, for a person.</summary>
    public string Wait => string.Create(CultureInfo.InvariantCulture, $"{policy.Timeout.TotalSeconds:0.###} s");

    /// <summary>Begins the first attempt at other work.</summary>
    public void Begin()
    {
        Count = 0;
        BeginAgain();
    }

    /// <summary>Begins a further attempt.</summary>
    public void BeginAgain()
    {
        Count++;
        // The wait begins with the next tick: how long ago the last one was is not known here.
        Progress();
        _idle = TimeSpan.Zero;
    }

    /// <summary>A sign of progress begins the wait anew: a long step is not a lost one.</summary>
    public void Progress() => _hasProgressed = true;

    /// <summary>Time has passed while there was work.</summary>
    /// <param name="elapsed">Since the last call.</param>
    /// <returns>Whether the attempt is to be abandoned.</returns>
    public bool Pass(TimeSpan elapsed)
    {
        _idle = _hasProgressed ? TimeSpan.Zero : _idle + elapsed;
        _hasProgressed = false;
        return _idle >= policy.Timeout;
    }
}
