using PcActors.Data.Npy;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Networks;
using PcNode.Output;
using PcNode.Reports;
using PcNode.Stepping;

namespace PcNode.Commands;

/// <summary><c>pcnode step MODEL.onnx</c>: one update on given arrays.</summary>
internal static class StepCommand
{
    private static readonly Setting[] Shown =
    [
        SettingCatalogue.Loss, SettingCatalogue.Optimizer, .. SettingCatalogue.OfOptimizers,
        SettingCatalogue.Rule, SettingCatalogue.Clock, .. SettingGroups.Inference, SettingCatalogue.Freeze,
        SettingCatalogue.Learn, SettingCatalogue.WeightFile,
        SettingCatalogue.Rewrite, SettingCatalogue.Output, SettingCatalogue.Blocks,
        SettingCatalogue.Granularity, SettingCatalogue.DType, SettingCatalogue.Threads, SettingCatalogue.Seed,
    ];

    public static ExampledCommand Create(Terminal terminal)
    {
        var command = new ExampledCommand(
            "step",
            "Makes one update of a model file on given arrays and prints the loss before it.",
            "pcnode step model.onnx --input x.npy --target y.npy --learning-rate 0.1 --export new.onnx",
            "pcnode step model.onnx --input ids=ids.npy --input mask=mask.npy --target labels.npy --loss "
            + "cross-entropy --json",
            "pcnode step m.onnx --input x.npy --target y.npy --optimizer adam --state adam.state --export m.onnx",
            "pcnode step model.onnx --input x.npy --target y.npy --rule bp            the same bits by "
            + "backpropagation",
            "pcnode step model.onnx --input x.npy --target y.npy --rule il --inference-steps 200 --tolerance 1e-9");
        var model = command.AddArgument("MODEL.onnx", "the model file");
        var input = command.AddOption<string[]>(
            Heading.Run, InputFiles.Option, "NAME=FILE.npy",
            "an array for an input of the model; repeatable; the name may be left out when there is one input");
        var target = command.AddOption<string?>(
            Heading.Run, TargetFile.Option, "FILE.npy",
            "what should be predicted: floats of the output's shape, or for cross-entropy int64 labels [N]");
        var export = command.AddExport();
        var state = command.AddOption<string?>(Heading.Output, StateFile.Option, "FILE", StateFile.Description);
        var energy = command.AddOption<string?>(Heading.Output, EnergyFile.Option, "FILE.csv", EnergyFile.Description);
        var options = new CommandOptions(command, Shown);
        command.SetAction(async (result, cancellation) =>
        {
            var experiment = CreateExperiment(result.GetValue(model), options.Given(result));
            experiment.Logs = terminal.Logs?.Factory;
            var path = result.GetValue(export);
            var inputs = InputFiles.Read(result.GetValue(input) ?? [], ((OnnxSource)experiment.Source).Form,
                experiment.Model);
            if (path is not null) ModelExport.RequireForm(path);
            var targetFile = RequireTarget(experiment, result.GetValue(target));
            string[] arrays = [.. inputs.Values.Select(i => i.Source).Append(targetFile).OfType<string>()];
            if (path is not null) experiment.RequireWritable(path, export.Name, mayBeModel: true, arrays);
            var kept = result.GetValue(state) is { } stateFile ? new StateFile(stateFile, experiment) : null;
            if (kept is not null) experiment.RequireWritable(kept.Path, state.Name, others: arrays);
            if (kept is not null && path is not null) AtomicFile.RequireOther(kept.Path, state.Name, path);
            using var energies = EnergyRequest.Of(result.GetValue(energy), experiment, terminal, path);
            var step = new SingleStep(experiment, inputs, targetFile is null ? null : NpyFile.Read(targetFile), path,
                kept, energies, terminal, cancellation);
            var made = await ElementTypes.RunAsync(experiment.DType, step).ConfigureAwait(false);
            Write(terminal, CommandOptions.IsJson(result), experiment, made, made.ExportFailure is null ? path : null,
                kept?.Path);
            if (made.ExportFailure is not null) terminal.Complain(made.ExportFailure);
            return made.ExportFailure is null && energies?.HasFailed != true ? ExitCode.Done : ExitCode.RunFailed;
        });
        return command;
    }

    /// <summary>The target's file; null where the network computes its loss itself.</summary>
    private static string? RequireTarget(Experiment experiment, string? file)
    {
        if (experiment.Loss.TakesTarget)
            return file ?? throw new UsageException(
                $"{TargetFile.Option}: it is missing; give {TargetFile.Option} FILE.npy");
        return file is null ? null : throw new UsageException(
            $"{TargetFile.Option}: the loss {experiment.Loss.Name} is what the network computes, and takes no target");
    }

    private static Experiment CreateExperiment(string? model, IReadOnlyList<(Setting Setting, string Text)> given)
    {
        if (model is null)
            throw new UsageException("a model file is needed; 'pcnode step --help' shows what is accepted");
        if (!ValueTypes.IsModelFile(model))
            throw new UsageException($"'{model}' is no model file; step takes an .onnx file");
        var experiment = Experiment.Create(model, given, "step");
        experiment.RequireRuleHeedsOptions();
        return experiment;
    }

    private static void Write(Terminal terminal, bool json, Experiment experiment, SingleStepResult made,
        string? export, string? state) => Facts.Write(
        terminal, json, "step",
        new("model", "model", experiment.Model),
        new("rule", "rule", experiment.Rule),
        new Fact("clock", experiment.ClockName),
        new Fact("dtype", experiment.DType),
        new("output", "output", made.Output),
        new("loss", "loss", made.Loss, $"{made.Loss:R}"),
        new("freeEnergy", "free energy", made.Inference?.FreeEnergy,
            made.Inference?.FreeEnergy is { } energy ? $"{energy:R}" : null),
        new("inferenceSteps", "timesteps", made.Inference?.Timesteps),
        new("converged", "converged", made.Inference?.Converged),
        new("trainableParameters", "parameters", made.Parameters, LearningReport.Line(made.Candidates)),
        new Fact("still", ParameterTable.Json(made.Candidates.Where(c => !c.Learns))),
        new("messages", "messages", made.Messages),
        new("weightsSha256", "weights SHA-256", made.WeightsSha256),
        new("steps", "steps", state is null ? null : made.Step),
        new("state", "optimizer's state", state),
        new("export", ModelExport.NameOf(export), export,
            ModelExport.Words(export, experiment.StandardizedByWeights?.Given)));
}
