using PcNode.Checkpointing;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Inferring;
using PcNode.Networks;
using PcNode.Output;
using PcNode.Tracing;

namespace PcNode.Commands;

/// <summary><c>pcnode train [MODEL]</c>: trains a network and measures its accuracy.</summary>
internal static class TrainCommand
{
    public static ExampledCommand Create(Terminal terminal)
    {
        var command = new ExampledCommand(
            "train",
            "Trains a network on a data set and measures its accuracy on the test set.",
            "pcnode train",
            "pcnode train residual --optimizer adam --epochs 20",
            "pcnode train mlp --hidden 512,256 --data /usr/share/datasets/fashion-mnist --epochs 5",
            "pcnode train --rule bp --json",
            "pcnode train --epochs 100 --early-stopping 5     ends when it gets no better, with its best weights",
            "pcnode train model.onnx --data images.npz --freeze conv1.weight,conv1.bias --export tuned.onnx",
            "pcnode train --epochs 1 --trace run.trace.gz      with every message recorded, for pcnode audit",
            "pcnode train experiment.conf --seed 7",
            "pcnode train --rule il --inputs input=labels --target features --pictures out   generates images",
            "pcnode train cnn --checkpoint run1               saves the run as it goes on",
            "pcnode train --checkpoint run1 --resume          goes on from there, with the bits of a run that was "
            + "never stopped",
            "pcnode train rnn --nodes 3                       on three worker processes, with the same bits",
            "pcnode train --join worker1:4053 --min-nodes 2   on the workers of a cluster");
        var model = command.AddModels<string?>();
        var export = command.AddExport();
        var trace = command.AddOption<string?>(Heading.Output, "--trace", "FILE", TraceCommand.FileDescription);
        var pictures = command.AddOption<string?>(Heading.Output, TrainedPictures.Option, "DIR",
            TrainedPictures.Description);
        var energy = command.AddOption<string?>(Heading.Output, EnergyFile.Option, "FILE.csv", EnergyFile.Description);
        var checkpoint = command.AddOption<string?>(
            Heading.Checkpoints, "--checkpoint", "DIR",
            "saves the run there as it goes on, and at its end; with a database in the settings, the name of a run "
            + "in it");
        var resume = command.AddOption<bool>(Heading.Checkpoints, "--resume", null,
            "goes on from the last checkpoint, with the options of its run");
        var options = new CommandOptions(
            command,
            [
                SettingCatalogue.Epochs, SettingCatalogue.Steps, SettingCatalogue.EarlyStopping,
                SettingCatalogue.KeepBest, .. SettingGroups.Network, .. SettingGroups.Feeding,
                .. SettingGroups.Learning,
                .. SettingGroups.Cluster, SettingCatalogue.CheckpointEvery, SettingCatalogue.CheckpointKeep,
            ]);
        command.SetAction(async (result, cancellation) =>
        {
            var request = new CheckpointRequest(result.GetValue(checkpoint), result.GetValue(resume), terminal,
                CommandOptions.IsJson(result));
            await using var checkpoints = await request.OpenAsync(result.GetValue(model), options.Given(result),
                cancellation).ConfigureAwait(false);
            var experiment = CheckpointRequest.ExperimentOf(result.GetValue(model), options.Given(result), checkpoints);
            experiment.Logs = terminal.Logs?.Factory;
            experiment.RequireRuleHeedsOptions();
            RequireNodes(experiment.Settings);
            if (checkpoints?.Resumed is not null && experiment.Settings.IsOnCommandLine(SettingCatalogue.WeightFile))
                throw new UsageException("--weights: a run that is resumed goes on with the weights of its checkpoint");
            var path = result.GetValue(export);
            if (path is not null) ModelExport.RequireForm(path);
            if (path is not null) experiment.RequireWritable(path, export.Name, mayBeModel: true);
            if (path is not null) checkpoints?.Target.RequireIsNone(path, export.Name);
            var tracing = result.GetValue(trace) is { } file ? new NetworkTracing(file, terminal) : null;
            tracing?.Require(experiment, trace.Name);
            if (tracing is not null && path is not null) AtomicFile.RequireOther(tracing.Path, trace.Name, path);
            using var energies = EnergyRequest.Of(result.GetValue(energy), experiment, terminal, path, tracing?.Path);
            var pictured = result.GetValue(pictures) is { } folder ? new TrainedPictures(experiment, folder) : null;
            var run = new TrainRun(experiment, terminal, CommandOptions.IsJson(result), path, tracing, checkpoints,
                energies, pictured, cancellation);
            return await ElementTypes.RunAsync(experiment.DType, run).ConfigureAwait(false);
        });
        return command;
    }

    private static void RequireNodes(Settings settings)
    {
        if (!settings.IsOnCommandLine(SettingCatalogue.Weights) || settings.IsSet(SettingCatalogue.Nodes)
            || settings.IsSet(SettingCatalogue.Join)) return;
        throw new UsageException(
            $"--weights: '{settings.TextOf(SettingCatalogue.Weights)}' are capacities of the nodes of --nodes, which is not"
            + " given; a file of weights ends in .safetensors or .npz");
    }
}
