using System.Numerics;
using Microsoft.Extensions.Logging;
using PcActors.Data;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Runs;
using PcActors.Training;
using PcNode.Checkpointing;
using PcNode.Cluster;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Networks;
using PcNode.Output;
using PcNode.Reports;
using PcNode.Tracing;

namespace PcNode.Commands;

/// <summary>The training that a command line asks for, and what is told of it.</summary>
internal sealed class TrainRun(
    Experiment experiment, Terminal terminal, bool json, string? export, NetworkTracing? tracing,
    CheckpointSession? checkpoints, CancellationToken cancellation) : IGenericWork<int>
{
    private static readonly TimeSpan TimeToAsk = TimeSpan.FromSeconds(2);

    private readonly TrainingOptions _options = new()
    {
        Epochs = experiment.Settings.Get(SettingCatalogue.Epochs),
        MaxSteps = experiment.Settings.Get(SettingCatalogue.Steps),
        Seed = experiment.Seed,
        Notice = text => terminal.Say($"test: {text}", LogLevel.Warning),
    };

    public async Task<int> RunAsync<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var data = NetworkFactory.LoadData<T>(experiment);
        var built = NetworkFactory.BuildFor(experiment, data.Train);
        checkpoints?.Require(experiment, data, built.Graph);
        var restored = checkpoints is null ? null : await checkpoints.LoadAsync<T>(cancellation).ConfigureAwait(false);
        await using var cluster = await ClusterSession.OpenAsync(experiment, built.Graph, terminal, cancellation)
            .ConfigureAwait(false);
        Outcome outcome;
        await using (var network = await StartAsync(built.Graph, cluster, restored).ConfigureAwait(false))
            outcome = await TrainAsync(network, data, built, isOnNodes: cluster is not null).ConfigureAwait(false);
        // A trace is whole when its network is gone. The result comes last.
        var report = tracing?.Audit(experiment, outcome.Result.Steps, outcome.WeightsSha256);
        if (json) report?.Write(terminal, json);
        Write(outcome.Result, outcome, report);
        checkpoints?.WriteEnd(outcome.Result);
        if (outcome.ExportFailure is { } failure) terminal.Complain(failure);
        if (report is not null && report.ExitCode != ExitCode.Done) return report.ExitCode;
        if (outcome.ExportFailure is not null) return ExitCode.RunFailed;
        return outcome.Result.IsInterrupted ? ExitCode.Interrupted : ExitCode.Done;
    }

    private Task<INetwork<T>> StartAsync<T>(Graph<T> graph, ClusterSession? cluster, NetworkSnapshot<T>? restored)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => tracing is not null
        ? tracing.StartAsync(experiment, graph, cluster, restored, cancellation: cancellation)
        : NetworkFactory.StartAsync(experiment, graph, cluster?.Where, restored, cancellation: cancellation);

    private async Task<Outcome> TrainAsync<T>(INetwork<T> network, DataSplit<T> data, BuiltNetwork<T> built,
        bool isOnNodes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var loop = new TrainingLoop<T>(network, data, _options with
        {
            Checkpoints = checkpoints?.PlanFor(experiment, data, built.Graph),
            Resumed = checkpoints?.Resumed?.Training,
        });
        using var interrupted = cancellation.Register(() =>
        {
            if (checkpoints is not null) checkpoints.Time.Interrupt();
            else if (isOnNodes) Interruption.Allow(TimeToAsk, "asking the workers for the result");
        });
        var result = await TrainingReport.ShowAsync(terminal, show => loop.RunAsync(
            progress =>
            {
                show(progress);
                if (json && progress.TestAccuracy is not null) WriteEpoch(progress);
            },
            cancellation)).ConfigureAwait(false);
        var messages = await network.CountMessagesAsync().ConfigureAwait(false);
        var parameters = built.Source.InOrder(await network.ParametersAsync().ConfigureAwait(false));
        var failure = export is null ? null : built.Source.Export(parameters, export);
        return new Outcome(result, messages, Parameters.Sha256(parameters), failure);
    }

    private void WriteEpoch(TrainingProgress progress) => JsonLines.Write(
        terminal.Output,
        ("event", "epoch"),
        ("epoch", progress.Epoch),
        ("epochs", progress.Epochs),
        ("steps", progress.Step),
        ("loss", progress.Loss),
        ("testAccuracy", progress.TestAccuracy),
        ("seconds", progress.Elapsed.TotalSeconds));

    private void Write(TrainingResult result, Outcome outcome, TraceReport? report) => Facts.Write(
        terminal, json, "result",
        new("model", "model", experiment.Model),
        new("rule", "rule", experiment.Rule),
        new("clock", "clock", experiment.ClockName),
        new Fact("dtype", experiment.DType),
        new("epochs", "epochs", result.Epochs,
            $"{result.Epochs}{(result.IsInterrupted ? $" of {_options.Epochs}, interrupted" : "")}"),
        new("steps", "steps", result.Steps),
        new("loss", "loss", result.Loss, double.IsFinite(result.Loss) ? $"{result.Loss:0.0000}" : null),
        new("testAccuracy", "test accuracy", result.TestAccuracy, $"{100 * result.TestAccuracy:0.00} %"),
        new("messages", "messages", outcome.Messages.Total),
        new("seconds", "seconds", result.Elapsed.TotalSeconds, $"{result.Elapsed.TotalSeconds:0.000}"),
        new(null, "ms a step", null,
            result.Steps > 0 ? $"{result.Elapsed.TotalMilliseconds / result.Steps:0.000}" : null),
        new("weightsSha256", "weights SHA-256", outcome.WeightsSha256),
        new Fact("interrupted", result.IsInterrupted),
        new Fact("savedStep", result.SavedStep),
        new("export", "model file", outcome.ExportFailure is null ? export : null),
        new("trace", "trace", tracing?.Path, report?.Outcome));

    private sealed record Outcome(TrainingResult Result, MessageCounts Messages, string WeightsSha256,
        string? ExportFailure);
}
