using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Output;
using PcNode.Stepping;
using PcNode.Using;

namespace PcNode.Commands;

/// <summary><c>pcnode predict [MODEL]</c>: what a network makes of samples.</summary>
internal static class PredictCommand
{
    public static ExampledCommand Create(Terminal terminal)
    {
        var command = new ExampledCommand(
            "predict",
            "Writes what a network predicts for samples, any number of them. Nothing is learnt.",
            "pcnode predict model.onnx --data images.npz --output predictions.npy",
            "pcnode predict model.onnx --input x=x.npy --output predictions.csv",
            "pcnode predict run1 --data images.npz            the network of a run's last checkpoint",
            "pcnode predict mlp --weights w.safetensors --data digits --part test");
        var input = command.AddOption<string[]>(
            Heading.Data, InputFiles.Option, "NAME=FILE.npy",
            "an array for an input of the network, samples along the first axis, in place of --data; repeatable; the "
            + "name may be left out for a model file with one input");
        var output = command.AddOption<string?>(Heading.Output, PredictionSink.Option, "FILE.npy|.csv",
            "writes the predictions into this file, a row for each sample; else they are printed, as CSV or as JSON "
            + "lines");
        var use = new UseOptions(command, DataPart.All);
        command.SetAction(async (result, cancellation) =>
        {
            var (path, json) = (result.GetValue(output), CommandOptions.IsJson(result));
            if (path is not null) PredictionSink.RequireForm(path);
            var part = use.PartOf(result);
            await using var request = await use.OpenAsync(result, cancellation).ConfigureAwait(false);
            var experiment = request.Experiment;
            experiment.Logs = terminal.Logs?.Factory;
            var given = result.GetValue(input) is { Length: > 0 } some ? some : null;
            if (given is not null) use.RequireNoDataSet(request, result);
            var files = given is null ? null : SampleFiles.Read(given, experiment);
            if (files is null && experiment.Settings.IsDefault(SettingCatalogue.Data))
                throw new UsageException(
                    $"predict: what is to be predicted is missing; give --data, or {InputFiles.Option} NAME=FILE.npy");
            if (path is not null)
                experiment.RequireWritable(path, output.Name, others: files?.Arrays.Values.Select(a => a.Source));
            var run = new PredictRun(request, files, part, new PredictionSink(path, json, terminal), terminal,
                cancellation);
            var made = await ElementTypes.RunAsync(experiment.DType, run).ConfigureAwait(false);
            // What is printed as CSV is not to be followed by anything else.
            if (path is not null || json) Write(terminal, json, experiment, made, path);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(Terminal terminal, bool json, Experiment experiment, PredictResult made,
        string? path) => Facts.Write(
        terminal, json, "predict",
        new("model", "model", experiment.Model),
        new Fact("dtype", experiment.DType),
        new("samples", "samples", made.Samples),
        new("output", "output", made.Output),
        new("shape", "shape", made.Shape.ToString()),
        new("standardization", "features", StandardizationReport.Json(made.Standardization),
            StandardizationReport.Words(made.Standardization)),
        new("messages", "messages", made.Messages),
        new("file", "predictions", path));
}
