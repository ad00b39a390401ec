using System.Diagnostics;
using System.Globalization;
using PcActors.Data;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Models;
using PcActors.Runs;
using PcActors.Training;

namespace PcActors.Benchmarks;

/// <summary>Mode <c>granularity</c>: the same network in tensors, in units and in numbers, on
/// the embedded digits: vertices, messages a step, time to start, steps a second, memory.
/// A table in Markdown.</summary>
internal static class GranularitySteps
{
    private const int BatchSize = 32;
    private const int DefaultRounds = 15;
    private const int MostUnits = 100_000;

    /// <summary>Arguments: rounds, hidden units (such as 300,100), a single granularity; memory is the
    /// process's, so measure it with one at a time.</summary>
    public static async Task RunAsync(ModeArguments args)
    {
        var rounds = args.Rounds(DefaultRounds);
        var hidden = args.Numbers("HIDDEN", [300, 100], MostUnits);
        Granularity[] granularities = args.Word("GRANULARITY", Enum.GetNames<Granularity>()) is { } one
            ? [Enum.Parse<Granularity>(one)]
            : Enum.GetValues<Granularity>();
        args.End();
        var data = DatasetLoader.Load<float>("digits").Standardized().Train;
        var mlp = ModelCatalogue.Build<float>("mlp",
            new ModelOptions(BatchSize, data.SampleShape, data.ClassCount, Seed: 0) { Hidden = hidden });
        var runs = new List<Run>();
        foreach (var granularity in granularities) runs.Add(await Run.StartAsync(mlp, granularity, data));
        for (var round = 0; round < rounds; round++)
        {
            foreach (var run in runs) await run.MeasureAsync();
        }
        Console.WriteLine(
            "| granularity | vertices | levels | values | errors | messages a step | graph (s) | actors and first "
            + "step (s) | ms a step | steps a second | us a message |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var run in runs) await run.ReportAsync();
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(
            $"live heap {GC.GetTotalMemory(forceFullCollection: true) / 1e6:F0} MB, peak memory "
            + $"{process.PeakWorkingSet64 / 1e6:F0} MB");
        foreach (var run in runs) await run.DisposeAsync();
    }

    private sealed class Run(Granularity granularity, Network<float> network, Batch<float> batch, double built,
        double started) : IAsyncDisposable
    {
        // Steps in a round: enough for the clock, and about as long for each granularity.
        private readonly int _steps = granularity switch { Granularity.Tensor => 500, Granularity.Unit => 50, _ => 2 };
        private readonly List<double> _times = [];

        public static async Task<Run> StartAsync(Graph<float> mlp, Granularity granularity, Dataset<float> data)
        {
            var watch = Stopwatch.StartNew();
            var graph = Refinement.Refine(mlp, granularity);
            var built = watch.Elapsed.TotalSeconds;
            watch.Restart();
            var options = new NetworkOptions
            {
                Loss = Loss.SquaredError,
                Optimizer = new Sgd(0.01),
                StepTimeout = TimeSpan.FromMinutes(10)
            };
            var network = await Network<float>.StartAsync(graph, options);
            var batch = network.NewBatch();
            var feeder = new BatchFeeder<float>(network, data, Feed.Default, seed: 0);
            feeder.BeginEpoch(0);
            feeder.Fill(0, batch);
            await network.StepAsync(batch);
            var started = watch.Elapsed.TotalSeconds;
            return new Run(granularity, network, batch, built, started);
        }

        public async Task MeasureAsync()
        {
            var watch = Stopwatch.StartNew();
            for (var step = 0; step < _steps; step++) await network.StepAsync(batch);
            _times.Add(watch.Elapsed.TotalMilliseconds / _steps);
        }

        public async Task ReportAsync()
        {
            var steps = 1 + (_times.Count * (long)_steps);
            var counts = await network.CountMessagesAsync();
            var median = Turns.Median(_times);
            var (values, errors) = (counts.Values / steps, counts.Errors / steps);
            if (MessageForecast.Of(network.RunGraph, LearningRule.Zil) is var forecast
                && (values, errors) != (forecast.ValuesPerStep, forecast.ErrorsPerStep))
                throw new InvalidOperationException(
                    $"{counts} messages in {steps} steps; {forecast} a step was forecast");
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {granularity} | {network.RunGraph.Vertices.Count:#,0} | {network.RunGraph.Depth + 1} | "
                + $"{values:#,0} | {errors:#,0} | {values + errors:#,0} | {built:F2} | {started:F2} | {median:G3} | "
                + $"{1e3 / median:G3} | {1e3 * median / (values + errors):F2} |"));
        }

        public ValueTask DisposeAsync() => network.DisposeAsync();
    }
}
