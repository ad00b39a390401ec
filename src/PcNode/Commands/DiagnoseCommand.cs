using PcNode.Checkpointing;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Output;
using PcNode.Reports;

namespace PcNode.Commands;

/// <summary><c>pcnode diagnose [MODEL]</c>: one training step of a rule that infers, level by level.</summary>
internal static class DiagnoseCommand
{
    public static ExampledCommand Create(Terminal terminal)
    {
        var command = new ExampledCommand(
            "diagnose",
            "Makes one training step under a rule that infers and shows it by level: energies, errors, updates and "
            + "their cosine to backpropagation's; the free energy by timestep; and, of small networks, how stiff "
            + "inference is: the eigenvalues of F's Hessian in the values of the first sample.",
            "pcnode diagnose mlp",
            "pcnode diagnose mlp --hidden 16,16,16 --rule epc --inference-steps 10 --dtype f64",
            "pcnode diagnose --checkpoint run1 --json                   a trained network, on its own data",
            "pcnode diagnose model.onnx --latents products --energy energies.csv",
            "pcnode diagnose experiment.conf --hessian 2000             a larger Hessian than usual");
        var model = command.AddModels<string?>();
        var energy = command.AddOption<string?>(Heading.Output, EnergyFile.Option, "FILE.csv", EnergyFile.Description);
        var checkpoint = command.AddOption<string?>(Heading.Checkpoints, "--checkpoint", "DIR",
            "takes the network of this run's last checkpoint, with its weights");
        var options = new CommandOptions(command,
            [SettingCatalogue.DiagnoseHessian, .. SettingGroups.Network, .. SettingGroups.Fed, SettingCatalogue.Rule,
                .. SettingGroups.Inference, SettingCatalogue.LearningRate]);
        command.SetAction(async (result, cancellation) =>
        {
            var (name, given) = (result.GetValue(model), options.Given(result));
            await using StoredNetwork? stored = result.GetValue(checkpoint) is not { } place ? null
                : await StoredNetwork.OpenAsync(place, Experiment.SettingsOf(name, given, command.Name), cancellation)
                    .ConfigureAwait(false);
            var experiment = stored is null
                ? Experiment.Create(name, given, command.Name)
                : stored.ExperimentOf(name, given, command.Name, settings => settings,
                    [.. SettingGroups.Reading, SettingCatalogue.Data, SettingCatalogue.Samples,
                        SettingCatalogue.Batch]);
            if (!experiment.Infers)
                throw new UsageException(
                    $"{experiment.Settings.OriginOf(SettingCatalogue.Rule)}: under {experiment.Rule} values do not "
                    + $"settle; diagnose takes {Experiment.InferringRules()}");
            experiment.Logs = terminal.Logs?.Factory;
            using var energies = EnergyRequest.Of(result.GetValue(energy), experiment, terminal);
            var run = new DiagnosisRun(experiment, stored, energies, terminal, cancellation);
            var made = await ElementTypes.RunAsync(experiment.DType, run).ConfigureAwait(false);
            var report = new DiagnosisReport(experiment, made);
            if (CommandOptions.IsJson(result)) report.WriteJson(terminal);
            else report.WriteText(terminal);
            return energies?.HasFailed == true ? ExitCode.RunFailed : ExitCode.Done;
        });
        return command;
    }
}
