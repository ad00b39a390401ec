using System.Diagnostics;
using System.Numerics;

namespace PcActors.Benchmarks;

/// <summary>Times the matrix product and OpenBLAS in turns, many short rounds in one
/// process, and prints the median of the rounds' ratios: on a machine that others use too, only what ran side by
/// side can be compared.</summary>
internal static class ProductPairs
{
    private const double RoundSeconds = 0.001;
    private const double WarmSeconds = 0.25;
    private const int DefaultRounds = 200;

    /// <summary>Arguments: rounds, and a text that the shape's text must contain.</summary>
    public static void Run(ModeArguments args)
    {
        var rounds = args.Rounds(DefaultRounds);
        var shapes = args.Those("SHAPE", ProductShape.All, shape => $"{shape}");
        args.End();
        Console.WriteLine($"{"product",-22} {"type",-6} {"us",10} {"GFLOP/s",8} {"OpenBLAS",8} {"ratio",6}");
        foreach (var shape in shapes)
        {
            Compare<float>(shape, rounds);
            Compare<double>(shape, rounds);
        }
    }

    private static void Compare<T>(ProductShape shape, int rounds)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(1);
        var a = Random<T>(random, shape.M * shape.K);
        var b = Random<T>(random, shape.K * shape.N);
        var c = new T[shape.M * shape.N];
        var ours = () => shape.Multiply(a, b, c);
        var theirs = () => OpenBlas.Multiply(shape, a, b, c);
        Warm(ours);
        if (OpenBlas.IsAvailable) Warm(theirs);
        var repeats = (int)Math.Clamp(RoundSeconds / Seconds(ours, 5), 1, 5000);
        var (own, peer, ratios) = (new double[rounds], new double[rounds], new double[rounds]);
        for (var round = 0; round < rounds; round++)
        {
            own[round] = Seconds(ours, repeats);
            peer[round] = OpenBlas.IsAvailable ? Seconds(theirs, repeats) : double.NaN;
            ratios[round] = peer[round] / own[round];
        }
        var best = Median(own);
        Console.WriteLine(
            $"{shape,-22} {typeof(T).Name,-6} {best * 1e6,10:F2} {shape.Operations / best * 1e-9,8:F1} "
            + $"{Figure.Of(shape.Operations / Median(peer) * 1e-9, "F1"),8} {Figure.Of(Median(ratios), "F2"),6}");
    }

    // Long enough for the runtime to finish compiling in the background.
    private static void Warm(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < 50 || Stopwatch.GetElapsedTime(start).TotalSeconds < WarmSeconds; i++) action();
    }

    private static double Seconds(Action action, int repeats)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < repeats; i++) action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / repeats;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static T[] Random<T>(Random random, int length)
        where T : IBinaryFloatingPointIeee754<T> =>
        [.. Enumerable.Range(0, length).Select(_ => T.CreateChecked((random.NextDouble() * 2) - 1))];
}
