using System.Numerics;
using PcActors.Data;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Training;
using PcNode.Configuration;

namespace PcNode.Experiments;

/// <summary>What a network of some depth comes to under inference learning and under Z-IL.</summary>
internal sealed record DepthResult
{
    /// <summary>Hidden layers.</summary>
    public required int Depth { get; init; }

    /// <summary>T of inference learning.</summary>
    public required int InferenceSteps { get; init; }

    /// <summary>One step of inference learning from the initial weights, level by level.</summary>
    public required IReadOnlyList<LevelDiagnosis> Levels { get; init; }

    /// <summary>The cosine of its whole update to backpropagation's; null where one is 0.</summary>
    public required double? Cosine { get; init; }

    /// <summary>The cosine of Z-IL's.</summary>
    public required double? ZilCosine { get; init; }

    /// <summary>Whether the parameters after one step of Z-IL are backpropagation's, bit for bit.</summary>
    public required bool ZilIsIdentical { get; init; }

    /// <summary>F at the forward initialisation, mean over the batch.</summary>
    public required double LossBefore { get; init; }

    /// <summary>F where inference ended.</summary>
    public required double FreeEnergy { get; init; }

    /// <summary>The condition number of F's Hessian in one sample's values; null where it was left out.</summary>
    public required double? ConditionNumber { get; init; }

    /// <summary>The largest stable rate; null where the Hessian was left out.</summary>
    public required double? StableRate { get; init; }

    /// <summary>Test accuracy after training by inference learning, 0 to 1; NaN where it diverged.</summary>
    public required double IlAccuracy { get; init; }

    /// <summary>Test accuracy after training by Z-IL.</summary>
    public required double ZilAccuracy { get; init; }

    /// <summary>Milliseconds of a training step by inference learning.</summary>
    public required double IlMilliseconds { get; init; }

    /// <summary>Milliseconds of a training step by Z-IL.</summary>
    public required double ZilMilliseconds { get; init; }
}

/// <summary>Looks at one step of a network, and trains it, by inference learning and by Z-IL.</summary>
/// <param name="experiment">The network, under inference learning.</param>
/// <param name="depth">Its hidden layers.</param>
/// <param name="epochs">Epochs of training.</param>
/// <param name="cancellation">Ends it.</param>
internal sealed class DepthRun(Experiment experiment, int depth, int epochs, CancellationToken cancellation)
    : IGenericWork<DepthResult>
{
    public async Task<DepthResult> RunAsync<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var diagnosis = await new DiagnosisRun(experiment, null, null, null, cancellation).RunAsync<T>()
            .ConfigureAwait(false);
        var (zilCosine, isIdentical) = await WaveAsync<T>().ConfigureAwait(false);
        var il = await TrainAsync<T>(experiment.LearningRule!).ConfigureAwait(false);
        var zil = await TrainAsync<T>(LearningRule.Zil).ConfigureAwait(false);
        return new DepthResult
        {
            Depth = depth,
            InferenceSteps = experiment.LearningRule!.InferenceSteps,
            Levels = [.. diagnosis.Step.Levels.Where(level => level.Vertices.Count > 0)],
            Cosine = diagnosis.Step.Cosine,
            ZilCosine = zilCosine,
            ZilIsIdentical = isIdentical,
            LossBefore = diagnosis.Step.Loss,
            FreeEnergy = diagnosis.Step.Inference!.FreeEnergy,
            ConditionNumber = diagnosis.Spectrum?.ConditionNumber,
            StableRate = diagnosis.Spectrum?.StableRate,
            IlAccuracy = il.Accuracy,
            ZilAccuracy = zil.Accuracy,
            IlMilliseconds = il.Milliseconds,
            ZilMilliseconds = zil.Milliseconds,
        };
    }

    /// <summary>One step of Z-IL, against backpropagation.</summary>
    private async Task<(double? Cosine, bool IsIdentical)> WaveAsync<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (built, batchesOf) = TestBed.Prepare<T>(experiment);
        var options = OptionsOf(LearningRule.Zil);
        await using var reference = await NetworkFactory.ReferenceAsync(experiment, built.Graph).ConfigureAwait(false);
        await using var zil = await Network<T>.StartAsync(built.Graph, options, cancellation: cancellation)
            .ConfigureAwait(false);
        var batch = reference.NewBatch();
        batchesOf(reference).Fill(0, batch);
        await reference.StepAsync(batch).ConfigureAwait(false);
        await zil.StepAsync(batch).ConfigureAwait(false);
        var comparison = new ParameterComparison<T>();
        comparison.Add(await zil.ParametersAsync().ConfigureAwait(false),
            await reference.ParametersAsync().ConfigureAwait(false));
        return (Diagnosis.Of(built.Graph, options, batch).Cosine, comparison.IsBitIdentical);
    }

    /// <summary>Trains from the initial weights.</summary>
    private async Task<(double Accuracy, double Milliseconds)> TrainAsync<T>(LearningRule rule)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var data = ExperimentData.LoadStandardized<T>(experiment);
        var graph = ExperimentGraphs.BuildFor(experiment, data.Train).Graph;
        // Adam's steps are as large at every depth, whatever the size of the gradients.
        var options = OptionsOf(rule) with { Optimizer = Adam.Description.Create() };
        await using var network = await Network<T>.StartAsync(graph, options, cancellation: cancellation)
            .ConfigureAwait(false);
        try
        {
            var training = new TrainingOptions
            {
                Epochs = epochs,
                Seed = experiment.Seed,
                Standardize = StandardizationKind.None,
            };
            var result = await new TrainingLoop<T>(network, data, training).RunAsync(_ => { }, cancellation)
                .ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            return (result.TestAccuracy, result.Elapsed.TotalMilliseconds / result.Steps);
        }
        catch (DivergedException)
        {
            return (double.NaN, double.NaN);
        }
    }

    private NetworkOptions OptionsOf(LearningRule rule) => rule.LearnsAtLevel
        ? NetworkFactory.Options(experiment) with { Rule = rule, Latents = null, Clock = null }
        : NetworkFactory.Options(experiment);
}
