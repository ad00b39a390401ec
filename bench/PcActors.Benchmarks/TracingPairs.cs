using System.Globalization;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Models;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tracing;
using PcActors.Tracing.Format;

namespace PcActors.Benchmarks;

/// <summary>Mode <c>tracing</c>: the training step of pcnode's default network, mlp on digits with
/// batches of 32, with and without a trace, in turns.</summary>
internal static class TracingPairs
{
    private const int DefaultRounds = 60;
    private const int BatchSize = 32;
    private const int Features = 64;
    private const int Classes = 10;

    /// <summary>Arguments: rounds, file.</summary>
    public static async Task RunAsync(ModeArguments args)
    {
        var rounds = args.Rounds(DefaultRounds);
        var file = args.NewFile();
        args.End();
        var path = file ?? Path.Combine(Path.GetTempPath(), $"pcactors-{Environment.ProcessId}.trace");
        var graph = Partition.Split(
            ModelCatalogue.Build<float>("mlp", new ModelOptions(BatchSize, new Shape(Features), Classes, Seed: 0)),
            Partition.Automatic);
        try
        {
            foreach (var threads in (int[])[0, 2, 1])
            {
                var options = new NetworkOptions
                {
                    Loss = Loss.SquaredError,
                    Optimizer = new Adam(0.0005),
                    Where = new InProcess { Threads = threads }
                };
                await CompareAsync(graph, options, threads, path, rounds);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task CompareAsync(Graph<float> graph, NetworkOptions options, int threads, string path,
        int rounds)
    {
        var trace = new TraceOptions { Output = TraceFile.Create(path), OnTrouble = Console.Error.WriteLine };
        await using var plain = new NetworkContestant("untraced", await Network<float>.StartAsync(graph, options),
            Fill);
        var traced = new NetworkContestant("traced",
            await Network<float>.StartAsync(graph, options with { Recording = new TraceRecording(trace) }), Fill);
        double[][] times;
        await using (traced)
        {
            times = await Turns.TakeAsync([plain, traced], rounds, () =>
            {
                plain.ResetCounts();
                traced.ResetCounts();
            });
        }
        var ratios = times[0].Zip(times[1], (p, t) => t / p);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(threads == 0 ? "all processors" : $"{threads} threads"),-14} untraced {Turns.Median(times[0]):F3} ms, "
            + $"traced {Turns.Median(times[1]):F3} ms, ratio of medians "
            + $"{Turns.Median(times[1]) / Turns.Median(times[0]):F2}, median of ratios {Turns.Median(ratios):F2}, "
            + $"file {new FileInfo(path).Length / 1e6:F0} MB, {traced.BytesPerStep - plain.BytesPerStep:F0} more "
            + $"bytes a step"));
    }

    private static Batch<float> Fill(Batch<float> batch)
    {
        var random = new SeededRandom(1);
        foreach (ref var x in batch.Inputs[0].Writable) x = (float)random.NextDouble();
        for (var sample = 0; sample < batch.Size; sample++)
            batch.Target.Writable[(sample * Classes) + (sample % Classes)] = 1;
        return batch;
    }
}
