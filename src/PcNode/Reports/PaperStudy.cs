using System.Numerics;
using PcActors.Learning.Instruments;
using PcActors.Learning;
using PcNode.Configuration;
using PcNode.Experiments;

namespace PcNode.Reports;

/// <summary>Makes the measurements of the report.</summary>
/// <param name="models">The networks.</param>
/// <param name="options">Options of the command line.</param>
/// <param name="progress">Is told what is being measured.</param>
/// <param name="cancellation">Ends the study between two steps.</param>
internal sealed class PaperStudy(
    IReadOnlyList<string> models, IReadOnlyList<(Setting Setting, string Text)> options, Action<string> progress, CancellationToken cancellation)
{
    private const string Command = "paper";
    private const int LargestSteps = 512;

    // The distance to BP is measured for one update, and only on networks where many inference steps take seconds.
    private static readonly string[] CurveModels = ["mlp", "cnn", "rnn"];
    private const string WaveModel = "rnn";

    /// <summary>Checks every experiment before the first one runs.</summary>
    /// <exception cref="UsageException">One cannot run.</exception>
    public void Check()
    {
        foreach (var model in models) _ = (Distances(model), Experiment.Create(model, options, "bench"));
    }

    /// <summary>Under what the distances are measured.</summary>
    public PaperConditions Conditions()
    {
        var experiments = models.Select(m => Distances(m)).ToList();
        return PaperConditions.Of(experiments, experiments[0].Settings.Get(SettingCatalogue.InferenceRate));
    }

    /// <summary>For each network: Z-IL's distance to backpropagation after one update, then that without each condition.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<VerificationResult>>> DistancesAsync()
    {
        var rows = new List<IReadOnlyList<VerificationResult>>();
        foreach (var model in models)
        {
            var row = new List<VerificationResult>();
            foreach (var ablation in Ablation.Names.Select(n => Ablation.Parse(n)).Prepend(null))
            {
                progress($"distance: {model}{(ablation is null ? "" : $" without {ablation.Name}")}");
                row.Add(await VerifyAsync(Distances(model), ablation).ConfigureAwait(false));
            }
            rows.Add(row);
        }
        return rows;
    }

    /// <summary>For each network: the time of an update by each rule.</summary>
    public async Task<IReadOnlyList<UpdateTimes>> TimesAsync()
    {
        var times = new List<UpdateTimes>();
        foreach (var model in models)
        {
            progress($"time: {model}");
            var experiment = Experiment.Create(model, options, "bench");
            times.Add(await ElementTypes.RunAsync(experiment.DType, new UpdateTiming(experiment, cancellation)).ConfigureAwait(false));
        }
        return times;
    }

    /// <summary>For some networks: the distance of IL's update to BP's over the norm of BP's, by the number of inference steps.</summary>
    public async Task<IReadOnlyList<(string Model, IReadOnlyList<(int Steps, double Distance)> Points)>> InferenceStepsAsync()
    {
        var curves = new List<(string, IReadOnlyList<(int, double)>)>();
        foreach (var model in CurveModels.Where(models.Contains))
        {
            var points = new List<(int, double)>();
            for (var steps = 1; steps <= LargestSteps; steps *= 2)
            {
                progress(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"inference learning: {model}, T = {steps}"));
                var text = steps.ToString(System.Globalization.CultureInfo.InvariantCulture);
                var experiment = Distances(model, (SettingCatalogue.Rule, RuleNames.Il), (SettingCatalogue.InferenceSteps, text));
                var result = await VerifyAsync(experiment, ablation: null).ConfigureAwait(false);
                points.Add((steps, result.EuclideanDistance / result.UpdateNorm));
            }
            curves.Add((model, points));
        }
        return curves;
    }

    /// <summary>The error by level and time in one step of a deep network, under Z-IL and under IL; null without that network.</summary>
    public async Task<(string Model, ErrorWave Zil, ErrorWave Il)?> WavesAsync()
    {
        if (!models.Contains(WaveModel)) return null;
        progress($"error wave: {WaveModel}");
        var experiment = Distances(WaveModel);
        var (zil, il) = await ElementTypes.RunAsync(experiment.DType, new WaveRecording(experiment)).ConfigureAwait(false);
        return (WaveModel, zil, il);
    }

    private Experiment Distances(string model, params ReadOnlySpan<(Setting, string)> more) =>
        Experiment.Create(model, [.. options.Where(o => o.Setting != SettingCatalogue.BenchTurns), (SettingCatalogue.VerifySteps, "1"), .. more], Command);

    private Task<VerificationResult> VerifyAsync(Experiment experiment, Ablation? ablation) =>
        ElementTypes.RunAsync(experiment.DType, new Verification(experiment, ablation, cancellation));

    private sealed class WaveRecording(Experiment experiment) : IGenericWork<(ErrorWave, ErrorWave)>
    {
        public async Task<(ErrorWave, ErrorWave)> RunAsync<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var (network, batches) = TestBed.Prepare<T>(experiment);
            await using var reference = await NetworkFactory.ReferenceAsync(experiment, network.Graph).ConfigureAwait(false);
            var batch = reference.NewBatch();
            batches(reference).Fill(0, batch);
            var rate = experiment.Settings.Get(SettingCatalogue.InferenceRate);
            // Twice the depth: long enough to see the error settle.
            var inference = LearningRule.Il(2 * (network.Graph.Depth + 1), rate);
            return (
                ErrorWave.Record(network.Graph, LearningRule.Zil, experiment.Loss, batch),
                ErrorWave.Record(network.Graph, inference, experiment.Loss, batch));
        }
    }
}
