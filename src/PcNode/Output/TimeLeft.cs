namespace PcNode.Output;

/// <summary>How long a command still takes.</summary>
internal static class TimeLeft
{
    /// <summary>The time left if the rest goes as fast as what is done; none while nothing is.</summary>
    public static TimeSpan Of(TimeSpan elapsed, long done, long all) =>
        done > 0 ? elapsed / done * (all - done) : TimeSpan.Zero;

    /// <summary>A time left, in words.</summary>
    public static string Words(TimeSpan left) => $"{Cost(left)} left";

    /// <summary>A time, in words.</summary>
    public static string Cost(TimeSpan time) => time < TimeSpan.FromMinutes(2)
        ? $"about {Math.Ceiling(time.TotalSeconds):0} s"
        : $"about {time.TotalMinutes:0} min";
}
