namespace PcActors.Benchmarks;

/// <summary>Lets contestants take turns, many short rounds each: on a machine that others
/// use too, only what ran side by side can be compared.</summary>
internal static class Turns
{
    private const double RoundMilliseconds = 40;
    private const double WarmMilliseconds = 1500;

    /// <summary>Milliseconds a step, by contestant and round.</summary>
    public static async Task<double[][]> TakeAsync(IReadOnlyList<IContestant> contestants, int rounds,
        Action? warmed = null)
    {
        var steps = new int[contestants.Count];
        for (var i = 0; i < steps.Length; i++) steps[i] = await WarmAsync(contestants[i]);
        warmed?.Invoke();
        var times = contestants.Select(_ => new double[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < steps.Length; turn++)
            {
                // Nobody always comes after the same one.
                var i = (turn + round) % steps.Length;
                times[i][round] = await contestants[i].RunAsync(steps[i]);
            }
        }
        return times;
    }

    public static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToList();
        return ordered.Count % 2 == 1
            ? ordered[ordered.Count / 2]
            : (ordered[(ordered.Count / 2) - 1] + ordered[ordered.Count / 2]) / 2;
    }

    /// <summary>Runs until the runtime has had time to compile in the background.</summary>
    /// <returns>How many steps fill a round.</returns>
    private static async Task<int> WarmAsync(IContestant contestant)
    {
        var (spent, fastest) = (0.0, double.PositiveInfinity);
        for (var rounds = 0; rounds < 5 || spent < WarmMilliseconds; rounds++)
        {
            var steps = double.IsFinite(fastest) ? StepsOf(fastest) : 1;
            var time = await contestant.RunAsync(steps);
            spent += time * steps;
            fastest = Math.Min(fastest, time);
        }
        return StepsOf(fastest);
    }

    private static int StepsOf(double milliseconds) => (int)Math.Clamp(RoundMilliseconds / milliseconds, 1, 1000);
}
