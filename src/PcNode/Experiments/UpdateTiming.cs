using System.Diagnostics;
using System.Numerics;
using MathNet.Numerics.Statistics;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Runs;
using PcNode.Configuration;
using PcNode.Output;

namespace PcNode.Experiments;

/// <summary>How long one weight update of a network takes, by each rule.</summary>
internal sealed record UpdateTimes
{
    public required string Model { get; init; }
    public required string DType { get; init; }

    /// <summary>Samples an update.</summary>
    public required int Batch { get; init; }

    /// <summary>Threads on which vertices run; 0 is one for each processor.</summary>
    public required int Threads { get; init; }

    /// <summary>Vertices of the levelled graph.</summary>
    public required int Vertices { get; init; }

    /// <summary>Numbers that learn.</summary>
    public required long Parameters { get; init; }

    /// <summary>T of inference learning.</summary>
    public required int InferenceSteps { get; init; }

    /// <summary>Median milliseconds of sequential backpropagation.</summary>
    public required double Bp { get; init; }

    /// <summary>Median milliseconds of Z-IL on actors.</summary>
    public required double Zil { get; init; }

    /// <summary>Median milliseconds of inference learning on actors; NaN when it diverged.</summary>
    public required double Il { get; init; }

    /// <summary>The median over turns of Z-IL's time over that of backpropagation in the same turn.</summary>
    public required double ZilOverBp { get; init; }

    /// <summary>Inference learning's time over that of backpropagation.</summary>
    public double IlOverBp => Il / Bp;
}

/// <summary>Measures how long an update takes by backpropagation, by Z-IL and by inference learning, in
/// turns on one machine.</summary>
/// <remarks>All work on one batch, over and over. Other programs and clock rates disturb
/// neighbouring turns alike, so a ratio is taken within each turn.</remarks>
/// <param name="experiment">The network and its batch; its rule does not matter.</param>
/// <param name="terminal">Told what was found in data and done to a model file; null for nobody.</param>
/// <param name="cancellation">Ends the measuring between two turns.</param>
internal sealed class UpdateTiming(Experiment experiment, Terminal? terminal, CancellationToken cancellation)
    : IGenericWork<UpdateTimes>
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(150);

    // Milliseconds of a first update above which one more is enough, and above which the first one must do, although
    // it has compilation and memory that is touched for the first time in it.
    private const double LongUpdate = 5_000;
    private const double LongestUpdate = 60_000;

    // The runtime compiles what is called often anew, in the background; until it has, half of the time goes there.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1.5);

    public async Task<UpdateTimes> RunAsync<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (network, batches) = TestBed.Prepare<T>(experiment, terminal: terminal);
        if (terminal is not null) network.Source.TellReading(terminal);
        var options = NetworkFactory.Options(experiment);
        var inference = experiment.Il;
        await using var reference = await NetworkFactory.ReferenceAsync(experiment, network.Graph)
            .ConfigureAwait(false);
        await using var zil = await Network<T>.StartAsync(network.Graph,
            options with { Rule = LearningRule.Zil, Clock = null }).ConfigureAwait(false);
        var batch = reference.NewBatch();
        batches(reference).Fill(0, batch);

        var turns = experiment.Settings.Get(SettingCatalogue.BenchTurns);
        var (bpTimes, zilTimes) = (new double[turns], new double[turns]);
        var bpSteps = await StepsOfTurnAsync(reference, batch).ConfigureAwait(false);
        var zilSteps = await StepsOfTurnAsync(zil, batch).ConfigureAwait(false);
        for (var turn = 0; turn < turns; turn++)
        {
            // Whoever comes first in a turn comes second in the next.
            if (turn % 2 == 0) bpTimes[turn] = await MeasureAsync(reference, batch, bpSteps).ConfigureAwait(false);
            zilTimes[turn] = await MeasureAsync(zil, batch, zilSteps).ConfigureAwait(false);
            if (turn % 2 == 1) bpTimes[turn] = await MeasureAsync(reference, batch, bpSteps).ConfigureAwait(false);
        }
        return new UpdateTimes
        {
            Model = experiment.Model,
            DType = experiment.DType,
            Batch = experiment.Batch,
            Threads = experiment.Threads,
            Vertices = zil.RunGraph.Vertices.Count,
            Parameters = network.Graph.Parameters.Where(p => p.Trainable).Sum(p => (long)p.Shape.Length),
            InferenceSteps = inference.InferenceSteps,
            Bp = bpTimes.Median(),
            Zil = zilTimes.Median(),
            Il = await MeasureInferenceAsync(network.Graph, options with { Rule = inference, Clock = null }, batch,
                turns).ConfigureAwait(false),
            ZilOverBp = zilTimes.Zip(bpTimes, (z, b) => z / b).Median(),
        };
    }

    /// <summary>Inference learning takes so much longer that it has the network to itself, and
    /// one update is a turn.</summary>
    private async Task<double> MeasureInferenceAsync<T>(Graph<T> graph, NetworkOptions options, Batch<T> batch,
        int turns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        await using var network = await Network<T>.StartAsync(graph, options).ConfigureAwait(false);
        try
        {
            var first = await MeasureAsync(network, batch, steps: 1).ConfigureAwait(false);
            var times = new double[TurnsAfter(first, turns)];
            if (times.Length == 0) return first;
            for (var turn = 0; turn < times.Length; turn++)
                times[turn] = await MeasureAsync(network, batch, steps: 1).ConfigureAwait(false);
            return times.Median();
        }
        catch (DivergedException)
        {
            return double.NaN;
        }
    }

    /// <summary>How many updates are measured after a first one of so many milliseconds, which counts only if there are
    /// none.</summary>
    internal static int TurnsAfter(double first, int turns) =>
        first > LongestUpdate ? 0 : first > LongUpdate ? 1 : turns;

    /// <summary>Warms a network up; gives the steps that fill a turn.</summary>
    private async Task<int> StepsOfTurnAsync<T>(INetwork<T> network, Batch<T> batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var start = Stopwatch.GetTimestamp();
        var steps = 1;
        while (true)
        {
            var time = await MeasureAsync(network, batch, steps).ConfigureAwait(false);
            var wanted = Math.Max(1, (int)(Turn.TotalMilliseconds / time));
            if (Stopwatch.GetElapsedTime(start) >= WarmUp) return wanted;
            steps = Math.Min(wanted, 4 * steps);
        }
    }

    /// <summary>Milliseconds a step.</summary>
    private async Task<double> MeasureAsync<T>(INetwork<T> network, Batch<T> batch, int steps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        cancellation.ThrowIfCancellationRequested();
        var start = Stopwatch.GetTimestamp();
        var results = new Task<StepResult>[steps];
        for (var step = 0; step < steps; step++) results[step] = network.StepAsync(batch);
        await Task.WhenAll(results).ConfigureAwait(false);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / steps;
    }
}
