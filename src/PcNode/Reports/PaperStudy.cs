using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcNode.Configuration;
using PcNode.Experiments;

namespace PcNode.Reports;

/// <summary>The measurements of the report, part by part.</summary>
internal sealed class PaperStudy
{
    private const int LargestSteps = 512;
    private const int LargestStepsInBrief = 32;
    private const string TimedStepsInBrief = "20";
    private const string WaveModel = "rnn";

    // A distance by T needs one update, but only networks whose inference steps take little make hundreds of them.
    private static readonly string[] CurveModels = ["mlp", "cnn", "rnn"];

    // What a measurement depends on, and where times are measured.
    private static readonly Setting[] OfDistances =
    [
        .. SettingGroups.ModelSizes, SettingCatalogue.Data, SettingCatalogue.Batch, SettingCatalogue.Loss, SettingCatalogue.Seed, SettingCatalogue.DType,
        SettingCatalogue.Optimizer, SettingCatalogue.LearningRate, SettingCatalogue.InferenceRate,
    ];

    private static readonly Setting[] OfTimes = [.. OfDistances, SettingCatalogue.InferenceSteps, SettingCatalogue.Threads, SettingCatalogue.BenchTurns];

    private readonly IReadOnlyList<string> _models;
    private readonly IReadOnlyList<(Setting Setting, string Text)> _options;
    private readonly List<Part> _parts;
    private readonly Dictionary<string, Measurement> _done = [];

    /// <summary>Checks every experiment before the first one runs.</summary>
    /// <param name="models">The networks.</param>
    /// <param name="options">Options of the command line.</param>
    /// <param name="isBrief">Fewer turns, where the options do not say how many, and fewer inference steps.</param>
    /// <exception cref="UsageException">One cannot run.</exception>
    public PaperStudy(IReadOnlyList<string> models, IReadOnlyList<(Setting Setting, string Text)> options, bool isBrief)
    {
        _models = models;
        _options = options;
        // What is quick and says how long the rest will take comes first.
        var parts = models.Select(m => Distance(m, null)).ToList();
        parts.AddRange(models.SelectMany(m => Ablation.Names.Select(name => Distance(m, Ablation.Parse(name)))));
        foreach (var model in CurveModels.Where(models.Contains))
        {
            for (var steps = 1; steps <= (isBrief ? LargestStepsInBrief : LargestSteps); steps *= 2) parts.Add(Curve(model, steps));
        }
        if (models.Contains(WaveModel)) parts.Add(Wave(WaveModel));
        parts.AddRange(models.Select(m => Times(m, isBrief)));
        _parts = parts;
    }

    /// <summary>What has been measured, in the order of measuring.</summary>
    public IReadOnlyList<Measurement> Done => [.. _parts.Where(p => _done.ContainsKey(p.Name)).Select(p => _done[p.Name])];

    /// <summary>How many measurements there are when all is done.</summary>
    public int Count => _parts.Count;

    /// <summary>Under what the distances are measured.</summary>
    public PaperConditions Conditions()
    {
        var experiments = _models.Select(m => ForDistances(m)).ToList();
        return PaperConditions.Of(experiments, experiments[0].Il.InferenceRate);
    }

    /// <summary>Takes over what an earlier study has measured under the same settings.</summary>
    public void Resume(IEnumerable<Measurement> earlier)
    {
        var settings = _parts.ToDictionary(p => p.Name, p => p.Settings);
        foreach (var measurement in earlier.Where(m => settings.GetValueOrDefault(m.Part) == m.Settings)) _done[measurement.Part] = measurement;
    }

    /// <summary>Measures what is left.</summary>
    /// <param name="before">Told a part's name, its number from 1, and how long it and all after it may take, null while nothing tells.</param>
    /// <param name="after">Called after each part.</param>
    /// <param name="cancellation">Ends the study within a part, which is lost.</param>
    public async Task RunAsync(Action<string, int, TimeSpan?> before, Action after, CancellationToken cancellation)
    {
        foreach (var (index, part) in _parts.Index())
        {
            if (_done.ContainsKey(part.Name)) continue;
            cancellation.ThrowIfCancellationRequested();
            before(part.Name, index + 1, Left());
            var start = Stopwatch.GetTimestamp();
            var measured = await part.MeasureAsync(cancellation).ConfigureAwait(false);
            _done[part.Name] = measured with { Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds };
            after();
        }
    }

    /// <summary>How long the rest takes if an update of each network takes what it has taken so far.</summary>
    private TimeSpan? Left()
    {
        var left = 0.0;
        foreach (var network in _parts.GroupBy(p => p.Model))
        {
            if (!_done.TryGetValue(network.First().Name, out var first)) return null;
            var levels = first.Distance!.Levels;
            var done = network.Where(p => _done.ContainsKey(p.Name)).ToList();
            var pace = done.Sum(p => _done[p.Name].Seconds) / done.Sum(p => p.Updates(levels));
            left += pace * network.Except(done).Sum(p => p.Updates(levels));
        }
        return TimeSpan.FromSeconds(left);
    }

    private Part Distance(string model, Ablation? ablation) => Verified(
        ablation is null ? $"distance: {model}" : $"distance: {model} without {ablation.Name}",
        ForDistances(model),
        ablation,
        // Without a condition every vertex acts at every timestep.
        levels => ablation is null ? 1 : levels);

    private Part Curve(string model, int steps)
    {
        var text = steps.ToString(CultureInfo.InvariantCulture);
        var experiment = ForDistances(model, (SettingCatalogue.Rule, RuleNames.Il), (SettingCatalogue.InferenceSteps, text));
        return Verified($"inference learning: {model}, T = {text}", experiment, null, _ => steps);
    }

    private static Part Verified(string name, Experiment experiment, Ablation? ablation, Func<int, double> updates) => new(
        name,
        experiment.Model,
        Describe(experiment, OfDistances),
        updates,
        async (part, cancellation) => part with
        {
            Distance = await ElementTypes.RunAsync(experiment.DType, new Verification(experiment, ablation, cancellation)).ConfigureAwait(false),
        });

    private Part Wave(string model)
    {
        var experiment = ForDistances(model);
        return new Part(
            $"error wave: {model}",
            model,
            Describe(experiment, OfDistances),
            levels => 3 * levels,
            async (part, _) =>
            {
                var (zil, il) = await ElementTypes.RunAsync(experiment.DType, new WaveRecording(experiment)).ConfigureAwait(false);
                return part with { ZilWave = zil, IlWave = il };
            });
    }

    private Part Times(string model, bool isBrief)
    {
        IReadOnlyList<(Setting, string)> brief = isBrief ? [(SettingCatalogue.BenchTurns, "1"), (SettingCatalogue.InferenceSteps, TimedStepsInBrief)] : [];
        var experiment = Experiment.Create(model, [.. brief, .. _options], "bench");
        var (turns, steps) = (experiment.Settings.Get(SettingCatalogue.BenchTurns), experiment.Il.InferenceSteps);
        return new Part(
            $"time: {model}",
            model,
            Describe(experiment, OfTimes),
            _ => (turns + 1) * steps,
            async (part, cancellation) => part with
            {
                Times = await ElementTypes.RunAsync(experiment.DType, new UpdateTiming(experiment, cancellation)).ConfigureAwait(false),
            });
    }

    private Experiment ForDistances(string model, params ReadOnlySpan<(Setting, string)> more) =>
        Experiment.Create(model, [.. _options.Where(o => o.Setting != SettingCatalogue.BenchTurns), (SettingCatalogue.VerifySteps, "1"), .. more], "paper");

    private static string Describe(Experiment experiment, IEnumerable<Setting> settings) =>
        string.Join(' ', settings.Where(experiment.Settings.IsSet).Select(s => $"{s.Key}={experiment.Settings.TextOf(s)}"));

    /// <summary>One measurement to be made.</summary>
    /// <param name="Name">What it is called; no other has this name.</param>
    /// <param name="Model">The network.</param>
    /// <param name="Settings">What it depends on.</param>
    /// <param name="Updates">As many updates it takes as long as, given the graph's levels.</param>
    /// <param name="Measure">Completes a measurement.</param>
    private sealed record Part(
        string Name, string Model, string Settings, Func<int, double> Updates, Func<Measurement, CancellationToken, Task<Measurement>> Measure)
    {
        public Task<Measurement> MeasureAsync(CancellationToken cancellation) =>
            Measure(new Measurement { Part = Name, Settings = Settings, Seconds = 0 }, cancellation);
    }

    private sealed class WaveRecording(Experiment experiment) : IGenericWork<(double[][], double[][])>
    {
        public async Task<(double[][], double[][])> RunAsync<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var (network, batches) = TestBed.Prepare<T>(experiment);
            await using var reference = await NetworkFactory.ReferenceAsync(experiment, network.Graph).ConfigureAwait(false);
            var batch = reference.NewBatch();
            batches(reference).Fill(0, batch);
            // Twice the depth: long enough to see the error settle.
            var inference = experiment.Il with { InferenceSteps = 2 * (network.Graph.Depth + 1) };
            return (
                Norms(ErrorWave.Record(network.Graph, LearningRule.Zil, experiment.Loss, batch)),
                Norms(ErrorWave.Record(network.Graph, inference, experiment.Loss, batch)));
        }

        private static double[][] Norms(ErrorWave wave) =>
            [.. Enumerable.Range(0, wave.Levels).Select(level => Enumerable.Range(0, wave.Times).Select(time => wave.Norm(level, time)).ToArray())];
    }
}
