using System.Numerics;
using Microsoft.Extensions.Logging;
using PcActors.Data;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Runs;
using PcActors.Training;
using PcNode.Checkpointing;
using PcNode.Cluster;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Inferring;
using PcNode.Networks;
using PcNode.Output;
using PcNode.Tracing;

namespace PcNode.Commands;

/// <summary>The training that a command line asks for, and what is told of it.</summary>
internal sealed partial class TrainRun(
    Experiment experiment, Terminal terminal, bool json, string? export, NetworkTracing? tracing,
    CheckpointSession? checkpoints, EnergyFile? energies, TrainedPictures? pictures, CancellationToken cancellation)
    : IGenericWork<int>
{
    private static readonly TimeSpan TimeToAsk = TimeSpan.FromSeconds(2);

    private readonly TrainingOptions _options = new()
    {
        Epochs = experiment.Settings.Get(SettingCatalogue.Epochs),
        MaxSteps = experiment.Settings.Get(SettingCatalogue.Steps),
        KeepsBest = experiment.Settings.Get(SettingCatalogue.KeepBest),
        Patience = experiment.Settings.Get(SettingCatalogue.EarlyStopping),
        Seed = experiment.Seed,
        Feed = experiment.Feeding.Feed,
        Notice = text => terminal.Say($"test: {text}", LogLevel.Warning),
    };

    private bool _hasToldTolerance;

    public async Task<int> RunAsync<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var data = ExperimentData.LoadData<T>(experiment);
        CompleteSchedule(data.Train.Count / experiment.Batch);
        var built = ExperimentGraphs.BuildFor(experiment, data.Train);
        experiment.Feeding.Require(experiment, built);
        WholeNumbers.Require(experiment, built, data.Train, data.Validation, data.Test);
        pictures?.Require(built, data.Train);
        if (export is not null) built.Source.RequireExportable(export);
        LatentCount.Require(experiment, built.Graph);
        LatentCount.Tell(experiment, built.Graph, terminal);
        checkpoints?.Require(experiment, data, built.Graph);
        var restored = checkpoints is null ? null : await checkpoints.LoadAsync<T>(cancellation).ConfigureAwait(false);
        await using var cluster = await ClusterSession.OpenAsync(experiment, built.Graph, terminal, cancellation)
            .ConfigureAwait(false);
        Outcome outcome;
        await using (var network = await StartAsync(built.Graph, cluster, restored).ConfigureAwait(false))
        {
            energies?.Begin();
            outcome = await TrainAsync(network, data, built, restored, isOnNodes: cluster is not null)
                .ConfigureAwait(false);
        }
        // A trace is whole when its network is gone. The result comes last.
        var report = tracing?.Audit(experiment, outcome.Result.Steps, outcome.WeightsSha256);
        if (json) report?.Write(terminal, json);
        Write(outcome.Result, outcome, report);
        checkpoints?.WriteEnd(outcome.Result);
        if (outcome.ExportFailure is { } failure) terminal.Complain(failure);
        if (outcome.PictureFailure is { } unmade) terminal.Complain(unmade);
        if (report is not null && report.ExitCode != ExitCode.Done) return report.ExitCode;
        if (outcome.ExportFailure is not null || energies?.HasFailed == true) return ExitCode.RunFailed;
        if (outcome.PictureFailure is not null && !outcome.Result.IsInterrupted) return ExitCode.RunFailed;
        return outcome.Result.IsInterrupted ? ExitCode.Interrupted : ExitCode.Done;
    }

    private void CompleteSchedule(int epochLength)
    {
        var steps = (long)_options.Epochs * epochLength;
        if (!experiment.CompleteSchedule(steps)) return;
        terminal.Say(
            $"schedule: {experiment.Schedule.Name} over the run's {steps} steps, {_options.Epochs} epochs of "
            + $"{epochLength}");
    }

    private Task<INetwork<T>> StartAsync<T>(Graph<T> graph, ClusterSession? cluster, NetworkSnapshot<T>? restored)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => tracing is not null
        ? tracing.StartAsync(experiment, graph, cluster, restored, experiment.Infers, cancellation: cancellation)
        : NetworkFactory.StartAsync(experiment, graph, cluster?.Where, restored, withEnergies: experiment.Infers,
            cancellation: cancellation);

    private async Task<Outcome> TrainAsync<T>(INetwork<T> network, DataSplit<T> data, BuiltNetwork<T> built,
        NetworkSnapshot<T>? restored, bool isOnNodes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InferenceRecord? last = null;
        var loop = new TrainingLoop<T>(network, data, _options with
        {
            Standardize = experiment.Standardize.Kind,
            Standardization = experiment.Standardize.Given,
            Watch = step =>
            {
                energies?.Add(step.Step, step.Inference, network.RunGraph);
                last = step.Inference;
            },
            Checkpoints = checkpoints?.PlanFor(experiment, data, built.Graph),
            Resumed = checkpoints?.Resumed?.Training,
        }, restored?.Best);
        checkpoints?.TellNothingLeft(experiment, loop);
        DataNotice.Tell(experiment, data, built.Graph, terminal);
        StandardizationReport.Tell(loop.Standardization, terminal);
        LearningReport.Tell(built.Source, terminal);
        LossNotice.Tell(experiment, built.Source.Graph, terminal);
        IReadOnlyList<EnergyCourse>? Courses() => last is null ? null : EnergyCourse.Of(last, network.RunGraph);
        using var interrupted = cancellation.Register(() =>
        {
            if (checkpoints is not null) checkpoints.Time.Interrupt();
            else if (isOnNodes) Interruption.Allow(TimeToAsk, "asking the workers for the result");
        });
        var result = await TrainingReport.ShowAsync(terminal, show => loop.RunAsync(
            progress =>
            {
                show(progress);
                if (progress.Score is not null) TellTolerance(progress);
                if (json && progress.Score is not null) WriteEpoch(progress, loop.Measure, last, Courses());
            },
            cancellation)).ConfigureAwait(false);
        TellBest(result);
        var messages = await loop.CountMessagesAsync().ConfigureAwait(false);
        var parameters = built.Source.InOrder(await loop.ParametersAsync().ConfigureAwait(false));
        var sha256 = Parameters.Sha256(parameters);
        var failure = export is null ? null : built.Source.Export(parameters, export,
            ExportHistory.Of(experiment, built.Source.Graph, result.Steps, sha256, loop.Standardization,
                data.Train.ClassNames));
        var (recallError, pictureFailure) = await DrawAsync(built, parameters, loop.Data.Train, result)
            .ConfigureAwait(false);
        return new Outcome(result, messages, sha256, failure,
            LatentCount.Of(experiment, built.Graph), loop.Measure, recallError, pictureFailure, Courses(),
            data.Train.ClassNames)
        {
            Standardization = loop.Standardization,
        };
    }

    /// <summary>Makes the picture that was asked for.</summary>
    /// <returns>What it says of recall, and why there is none: a picture that fails costs nothing else.</returns>
    private async Task<(double? RecallError, string? Failure)> DrawAsync<T>(BuiltNetwork<T> built,
        IReadOnlyList<NamedTensor<T>> parameters, Dataset<T> train, TrainingResult result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (pictures is null) return (null, null);
        if (result.IsInterrupted) return (null, "--pictures: the run was interrupted before a picture was made");
        try
        {
            return (await pictures.WriteAsync(built, parameters, train, cancellation).ConfigureAwait(false), null);
        }
        catch (RunFailedException e)
        {
            return (null, $"--pictures: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            return (null, "--pictures: interrupted before the picture was made");
        }
    }
}
