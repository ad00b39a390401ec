namespace PcActors.Benchmarks;

/// <summary>Lets contestants take turns, many short rounds each: on a machine that others
/// use too, only what ran side by side can be compared.</summary>
internal static class Turns
{
    private const double RoundMilliseconds = 40;

    // A stretch of warming up, how much faster the best of one has to be for another one, and how many there are.
    private const double WarmMilliseconds = 1500;
    private const double Faster = 0.98;
    private const int MostStretches = 6;

    /// <summary>Milliseconds a step, by contestant and round.</summary>
    /// <param name="contestants">Who takes part.</param>
    /// <param name="rounds">How many rounds.</param>
    /// <param name="warmed">Is called before the first one.</param>
    /// <param name="milliseconds">How long a turn is: the longer, the less it counts that the first step finds threads
    /// asleep and caches full of others' memory.</param>
    public static async Task<double[][]> TakeAsync(IReadOnlyList<IContestant> contestants, int rounds,
        Action? warmed = null, double milliseconds = RoundMilliseconds)
    {
        var steps = new int[contestants.Count];
        for (var i = 0; i < steps.Length; i++) steps[i] = StepsOf(await WarmAsync(contestants[i]), milliseconds);
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

    /// <summary>Runs until the runtime has compiled in the background what it is going to, and steps get no
    /// faster.</summary>
    /// <returns>Milliseconds a step.</returns>
    private static async Task<double> WarmAsync(IContestant contestant)
    {
        var fastest = await StretchAsync(contestant, double.PositiveInfinity);
        for (var stretch = 1; stretch < MostStretches; stretch++)
        {
            var next = await StretchAsync(contestant, fastest);
            var isDone = next > Faster * fastest;
            fastest = Math.Min(fastest, next);
            if (isDone) break;
        }
        return fastest;
    }

    private static async Task<double> StretchAsync(IContestant contestant, double before)
    {
        var (spent, fastest) = (0.0, double.PositiveInfinity);
        for (var rounds = 0; rounds < 2 || spent < WarmMilliseconds; rounds++)
        {
            var known = Math.Min(before, fastest);
            var steps = double.IsFinite(known) ? StepsOf(known) : 1;
            var time = await contestant.RunAsync(steps);
            spent += time * steps;
            fastest = Math.Min(fastest, time);
        }
        return fastest;
    }

    private static int StepsOf(double step, double turn = RoundMilliseconds) => (int)Math.Clamp(turn / step, 1, 1000);
}
