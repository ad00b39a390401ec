using PcNode.Output;

namespace PcNode.Using;

/// <summary>Says how many samples are predicted, where it takes long.</summary>
/// <param name="terminal">Where it is said.</param>
/// <param name="all">Number of samples.</param>
internal sealed class UseProgress(Terminal terminal, int all)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly long _start = terminal.Time.GetTimestamp();
    private TimeSpan _told;
    private int _before;

    /// <summary>So many of the part at hand are done.</summary>
    public void Tell(int done)
    {
        var elapsed = terminal.Time.GetElapsedTime(_start);
        if (elapsed - _told < Interval) return;
        _told = elapsed;
        var total = _before + done;
        terminal.Say(
            $"{total:#,0} of {all:#,0} samples; {TimeLeft.Words(TimeLeft.Of(elapsed, total, all))}");
    }

    /// <summary>A part has ended.</summary>
    public void EndPart(int samples) => _before += samples;
}
