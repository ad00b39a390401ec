using System.CommandLine;
using System.Globalization;
using System.Numerics;
using PcActors.Learning;
using PcActors.Training;
using PcNode.Cluster;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Output;

namespace PcNode.Commands;

/// <summary><c>pcnode train [MODEL]</c>: trains a network and measures its accuracy.</summary>
internal static class TrainCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new ExampledCommand(
            "train",
            "Trains a network on a data set and measures its accuracy on the test set.",
            "pcnode train",
            "pcnode train residual --optimizer adam --epochs 20",
            "pcnode train mlp --hidden 512,256 --data /usr/share/datasets/fashion-mnist --epochs 5",
            "pcnode train --rule bp --json",
            "pcnode train model.onnx --data images.npz --freeze conv1.weight,conv1.bias --export tuned.onnx",
            "pcnode train experiment.conf --seed 7",
            "pcnode train rnn --nodes 3                       on three worker processes, with the same bits",
            "pcnode train --join worker1:4053 --min-nodes 2   on the workers of a cluster");
        var model = CommandArguments.Model();
        command.Arguments.Add(model);
        var options = new CommandOptions(
            command, [SettingCatalogue.Epochs, SettingCatalogue.Steps, .. CommandOptions.Network, .. CommandOptions.Learning, .. CommandOptions.Cluster]);
        var export = CommandArguments.Export();
        command.Options.Add(export);
        command.SetAction((result, cancellation) =>
        {
            var experiment = Experiment.Create(result.GetValue(model), options.Given(result), "train");
            experiment.RequireRuleHeedsOptions();
            var path = result.GetValue(export);
            if (path is not null) AtomicFile.Require(path, export.Name);
            var run = new Run(experiment, terminal, options.IsJson(result), path, cancellation);
            return ElementTypes.RunAsync(experiment.DType, run);
        });
        return command;
    }

    private sealed class Run(Experiment experiment, Terminal terminal, bool json, string? export, CancellationToken cancellation)
        : IGenericWork<int>
    {
        private readonly TrainingOptions _options = new()
        {
            Epochs = experiment.Settings.Get(SettingCatalogue.Epochs),
            MaxSteps = experiment.Settings.Get(SettingCatalogue.Steps),
            Seed = experiment.Seed,
        };

        public async Task<int> RunAsync<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var data = NetworkFactory.LoadData<T>(experiment);
            var built = NetworkFactory.BuildFor(experiment, data.Train);
            await using var cluster = await ClusterSession.OpenAsync(experiment, built.Graph, terminal, cancellation).ConfigureAwait(false);
            await using var network = cluster is null
                ? NetworkFactory.Create(experiment, built.Graph)
                : await cluster.StartAsync(experiment, built.Graph, cancellation).ConfigureAwait(false);
            var loop = new TrainingLoop<T>(network, data, _options);
            var result = await TrainingReport.ShowAsync(terminal, show => loop.RunAsync(
                progress =>
                {
                    show(progress);
                    if (json && progress.TestAccuracy is not null) WriteEpoch(progress);
                },
                cancellation)).ConfigureAwait(false);
            var messages = await network.CountMessagesAsync().ConfigureAwait(false);
            var parameters = built.Source.InOrder(await network.ParametersAsync().ConfigureAwait(false));
            var hash = Parameters.Sha256(parameters);
            if (export is not null) built.Source.Export(parameters, export);
            if (json) WriteJson(result, messages, hash);
            else WriteSummary(result, messages, hash);
            return result.IsInterrupted ? ExitCode.Interrupted : ExitCode.Done;
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

        private void WriteJson(TrainingResult result, MessageCounts messages, string hash) => JsonLines.Write(
            terminal.Output,
            ("event", "result"),
            ("model", experiment.Model),
            ("rule", experiment.Rule),
            ("clock", ClockName),
            ("dtype", experiment.DType),
            ("epochs", result.Epochs),
            ("steps", result.Steps),
            ("loss", result.Loss),
            ("testAccuracy", result.TestAccuracy),
            ("messages", messages.Total),
            ("seconds", result.Elapsed.TotalSeconds),
            ("weightsSha256", hash),
            ("interrupted", result.IsInterrupted),
            ("export", export));

        private void WriteSummary(TrainingResult result, MessageCounts messages, string hash) => Summary.Write(
            terminal,
            ("model", experiment.Model),
            ("rule", experiment.Rule),
            ("clock", ClockName),
            ("epochs", Invariant($"{result.Epochs}{(result.IsInterrupted ? $" of {_options.Epochs}, interrupted" : "")}")),
            ("steps", Invariant($"{result.Steps:#,0}")),
            ("loss", double.IsFinite(result.Loss) ? Invariant($"{result.Loss:0.0000}") : null),
            ("test accuracy", Invariant($"{100 * result.TestAccuracy:0.00} %")),
            ("messages", Invariant($"{messages.Total:#,0}")),
            ("seconds", Invariant($"{result.Elapsed.TotalSeconds:0.000}")),
            ("ms a step", result.Steps > 0 ? Invariant($"{result.Elapsed.TotalMilliseconds / result.Steps:0.000}") : null),
            ("weights SHA-256", hash),
            ("model file", export));

        private string? ClockName => experiment.Clock?.ToString().ToLowerInvariant();

        private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }
}
