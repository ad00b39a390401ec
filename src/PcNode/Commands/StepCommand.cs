using PcActors.Data.Npy;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Networks;
using PcNode.Output;
using PcNode.Stepping;

namespace PcNode.Commands;

/// <summary><c>pcnode step MODEL.onnx</c>: one update on given arrays.</summary>
internal static class StepCommand
{
    private static readonly Setting[] Shown =
    [
        SettingCatalogue.Loss, SettingCatalogue.Optimizer, .. SettingCatalogue.OfOptimizers,
        SettingCatalogue.Rule, SettingCatalogue.Clock, SettingCatalogue.InferenceSteps,
        SettingCatalogue.InferenceRate, SettingCatalogue.Freeze, SettingCatalogue.Output, SettingCatalogue.Blocks,
        SettingCatalogue.Granularity, SettingCatalogue.DType, SettingCatalogue.Threads,
    ];

    public static ExampledCommand Create(Terminal terminal)
    {
        var command = new ExampledCommand(
            "step",
            "Makes one update of a model file on given arrays and prints the loss before it.",
            "pcnode step model.onnx --input x.npy --target y.npy --learning-rate 0.1 --export new.onnx",
            "pcnode step model.onnx --input ids=ids.npy --input mask=mask.npy --target labels.npy --loss "
            + "cross-entropy --json",
            "pcnode step model.onnx --input x.npy --target y.npy --rule bp            the same bits by "
            + "backpropagation");
        var model = command.AddArgument("MODEL.onnx", "the model file");
        var input = command.AddOption<string[]>(
            Heading.Run, InputFiles.Option, "NAME=FILE.npy",
            "an array for an input of the model; repeatable; the name may be left out when there is one input");
        var target = command.AddOption<string?>(
            Heading.Run, TargetFile.Option, "FILE.npy",
            "what should be predicted: floats of the output's shape, or for cross-entropy int64 labels [N]");
        var export = command.AddExport();
        var options = new CommandOptions(command, Shown);
        command.SetAction(async (result, cancellation) =>
        {
            var experiment = CreateExperiment(result.GetValue(model), options.Given(result));
            experiment.Logs = terminal.Logs?.Factory;
            var path = result.GetValue(export);
            var inputs = InputFiles.Read(result.GetValue(input) ?? [], ((OnnxSource)experiment.Source).Form,
                experiment.Model);
            if (result.GetValue(target) is not { } targetFile)
                throw new UsageException($"{TargetFile.Option}: it is missing; give {TargetFile.Option} FILE.npy");
            if (path is not null)
                experiment.RequireWritable(path, export.Name, mayBeModel: true,
                    inputs.Values.Select(i => i.Source).Append(targetFile));
            var step = new SingleStep(experiment, inputs, NpyFile.Read(targetFile), path, cancellation);
            var made = await ElementTypes.RunAsync(experiment.DType, step).ConfigureAwait(false);
            Write(terminal, CommandOptions.IsJson(result), experiment, made, made.ExportFailure is null ? path : null);
            if (made.ExportFailure is null) return ExitCode.Done;
            terminal.Complain(made.ExportFailure);
            return ExitCode.RunFailed;
        });
        return command;
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
        string? export) => Facts.Write(
        terminal, json, "step",
        new("model", "model", experiment.Model),
        new("rule", "rule", experiment.Rule),
        new Fact("clock", experiment.ClockName),
        new Fact("dtype", experiment.DType),
        new("output", "output", made.Output),
        new("loss", "loss", made.Loss, $"{made.Loss:R}"),
        new("trainableParameters", "parameters", made.Parameters),
        new("messages", "messages", made.Messages),
        new("weightsSha256", "weights SHA-256", made.WeightsSha256),
        new("export", "model file", export));
}
