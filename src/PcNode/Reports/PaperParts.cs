using System.Numerics;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcNode.Configuration;
using PcNode.Experiments;

namespace PcNode.Reports;

/// <summary>One measurement to be made.</summary>
/// <param name="Name">What it is called; no other has this name.</param>
/// <param name="Model">The network.</param>
/// <param name="Settings">What it depends on.</param>
/// <param name="Updates">As many updates it takes as long as, given the graph's levels.</param>
/// <param name="MeasureAsync">Completes a measurement.</param>
internal sealed record PaperPart(
    string Name, string Model, IReadOnlyDictionary<string, string> Settings, Func<int, double> Updates,
    Func<Measurement, CancellationToken, Task<Measurement>> MeasureAsync);

/// <summary>What is measured for the report: how far from backpropagation, how fast, and
/// how the error travels.</summary>
/// <param name="options">Options of the command line.</param>
/// <param name="isBrief">Fewer turns, where the options do not say how many, and fewer inference steps.</param>
internal sealed class PaperParts(IReadOnlyList<(Setting Setting, string Text)> options, bool isBrief)
{
    private const string TimedStepsInBrief = "20";
    private const string WaveModel = "rnn";
    private const int UnitsOfDepth = 32;

    // A distance by T needs one update, but only networks whose inference steps take little make hundreds of them.
    private static readonly string[] CurveModels = ["mlp", "cnn", "rnn"];

    // What a measurement depends on, and where times are measured.
    private static readonly Setting[] OfDistances =
    [
        .. SettingGroups.ModelSizes, SettingCatalogue.Data, SettingCatalogue.Batch, SettingCatalogue.Loss,
        SettingCatalogue.Seed, SettingCatalogue.DType,
        SettingCatalogue.Optimizer, SettingCatalogue.LearningRate, SettingCatalogue.InferenceRate,
    ];

    private static readonly Setting[] OfDepths = [.. OfDistances, SettingCatalogue.InferenceSteps,
        SettingCatalogue.DiagnoseHessian];

    private static readonly Setting[] OfTimes = [.. OfDistances, SettingCatalogue.InferenceSteps,
        SettingCatalogue.Threads, SettingCatalogue.BenchTurns];

    private int EpochsOfDepth => isBrief ? 1 : 10;

    private int LargestSteps => isBrief ? 32 : 512;

    /// <summary>All parts, each checked: what is quick and says how long the rest will take comes first.</summary>
    /// <exception cref="UsageException">One cannot run.</exception>
    public IReadOnlyList<PaperPart> Of(IReadOnlyList<string> models) =>
    [
        .. models.Select(m => Distance(m, null)),
        .. models.SelectMany(m => Ablation.Names.Select(name => Distance(m, Ablation.Parse(name)))),
        .. CurveModels.Where(models.Contains).SelectMany(m => StepsOfCurves().Select(steps => Curve(m, steps))),
        .. models.Where(m => m == WaveModel).Select(Wave),
        .. models.Select(Times),
    ];

    /// <summary>A network as distances are measured on it.</summary>
    public Experiment Experiment(string model, params ReadOnlySpan<(Setting, string)> more) =>
        Experiments.Experiment.Create(
        model,
        [.. options.Where(o => o.Setting != SettingCatalogue.BenchTurns), (SettingCatalogue.VerifySteps, "1"), .. more],
        "paper");

    /// <summary>A network of some depth, under inference learning.</summary>
    public Experiment DepthExperiment(int depth) => Experiments.Experiment.Create(
        "mlp",
        [
            .. options.Where(o => o.Setting != SettingCatalogue.BenchTurns),
            .. isBrief ? [(SettingCatalogue.InferenceSteps, TimedStepsInBrief)] : Array.Empty<(Setting, string)>(),
            (SettingCatalogue.Hidden, string.Join(',', Enumerable.Repeat(UnitsOfDepth, depth))),
            (SettingCatalogue.Blocks, "1"), (SettingCatalogue.Rule, RuleNames.Il),
        ],
        "paper");

    /// <summary>What is measured of a network of some depth.</summary>
    /// <exception cref="UsageException">It cannot run.</exception>
    public PaperPart Depth(int depth)
    {
        var experiment = DepthExperiment(depth);
        var settings = Describe(experiment, OfDepths);
        settings["epochs"] = $"{EpochsOfDepth}";
        return new PaperPart(
            $"depth: mlp of {depth} hidden layers", "mlp by depth", settings, _ => depth,
            async (part, cancellation) => part with
            {
                Depth = await ElementTypes.RunAsync(experiment.DType,
                    new DepthRun(experiment, depth, EpochsOfDepth, cancellation)).ConfigureAwait(false),
            });
    }

    private IEnumerable<int> StepsOfCurves()
    {
        for (var steps = 1; steps <= LargestSteps; steps *= 2) yield return steps;
    }

    private PaperPart Distance(string model, Ablation? ablation) => Verified(
        ablation is null ? $"distance: {model}" : $"distance: {model} without {ablation.Name}",
        Experiment(model),
        ablation,
        // Without a condition every vertex acts at every timestep.
        levels => ablation is null ? 1 : levels);

    private PaperPart Curve(string model, int steps)
    {
        var text = $"{steps}";
        var experiment = Experiment(model, (SettingCatalogue.Rule, RuleNames.Il),
            (SettingCatalogue.InferenceSteps, text));
        return Verified($"inference learning: {model}, T = {text}", experiment, null, _ => steps);
    }

    private static PaperPart Verified(string name, Experiment experiment, Ablation? ablation,
        Func<int, double> updates) => new(
        name, experiment.Model, Describe(experiment, OfDistances), updates, async (part, cancellation) => part with
        {
            Distance = await ElementTypes.RunAsync(experiment.DType,
                new Verification(experiment, ablation, cancellation)).ConfigureAwait(false),
        });

    private PaperPart Wave(string model)
    {
        var experiment = Experiment(model);
        return new PaperPart(
            $"error wave: {model}", model, Describe(experiment, OfDistances), levels => 3 * levels, async (part, _) =>
            {
                var (zil, il) = await ElementTypes.RunAsync(experiment.DType, new WaveRecording(experiment))
                    .ConfigureAwait(false);
                return part with { ZilWave = zil, IlWave = il };
            });
    }

    private PaperPart Times(string model)
    {
        IReadOnlyList<(Setting, string)> brief = isBrief
            ? [(SettingCatalogue.BenchTurns, "1"), (SettingCatalogue.InferenceSteps, TimedStepsInBrief)]
            : [];
        var experiment = Experiments.Experiment.Create(model, [.. brief, .. options], "bench");
        var updates = (experiment.Settings.Get(SettingCatalogue.BenchTurns) + 1) * experiment.Il.InferenceSteps;
        return new PaperPart(
            $"time: {model}", model, Describe(experiment, OfTimes), _ => updates,
            async (part, cancellation) => part with
            {
                Times = await ElementTypes.RunAsync(experiment.DType, new UpdateTiming(experiment, null, cancellation))
                    .ConfigureAwait(false),
            });
    }

    private static Dictionary<string, string> Describe(Experiment experiment, IEnumerable<Setting> settings)
    {
        var all = settings.Where(experiment.Settings.IsSet).ToDictionary(s => s.Key, experiment.Settings.TextOf);
        all["version"] = ThisProgram.Version;
        return all;
    }

    private sealed class WaveRecording(Experiment experiment) : IGenericWork<(double[][], double[][])>
    {
        public async Task<(double[][], double[][])> RunAsync<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var (network, batches) = TestBed.Prepare<T>(experiment);
            await using var reference = await NetworkFactory.ReferenceAsync(experiment, network.Graph)
                .ConfigureAwait(false);
            var batch = reference.NewBatch();
            batches(reference).Fill(0, batch);
            // Twice the depth: long enough to see the error settle.
            var inference = experiment.Il with { InferenceSteps = 2 * (network.Graph.Depth + 1) };
            return (
                Norms(ErrorWave.Record(network.Graph, LearningRule.Zil, experiment.Loss, batch)),
                Norms(ErrorWave.Record(network.Graph, inference, experiment.Loss, batch)));
        }

        private static double[][] Norms(ErrorWave wave) =>
            [.. Enumerable.Range(0, wave.Levels)
                .Select(level => Enumerable.Range(0, wave.Times).Select(time => wave.Norm(level, time)).ToArray())];
    }
}
