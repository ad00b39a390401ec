using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Output;
using PcNode.Reports;
using PcNode.Using;

namespace PcNode.Commands;

/// <summary><c>pcnode evaluate [MODEL]</c>: how well a network predicts a data set.</summary>
internal static class EvaluateCommand
{
    public static ExampledCommand Create(Terminal terminal)
    {
        var command = new ExampledCommand(
            "evaluate",
            "Measures what a network predicts for a data set: its loss, and of a classifier the accuracy, the "
            + "precision and recall of each class and which classes are taken for which. Nothing is learnt.",
            "pcnode evaluate model.onnx --data digits",
            "pcnode evaluate model.onnx --data images.npz --part all --json",
            "pcnode evaluate run1                             the network of a run's last checkpoint, on its data",
            "pcnode evaluate mlp --weights w.safetensors --data digits");
        var use = new UseOptions(command, DataPart.Test);
        command.SetAction(async (result, cancellation) =>
        {
            var (part, json) = (use.PartOf(result), CommandOptions.IsJson(result));
            await using var request = await use.OpenAsync(result, cancellation).ConfigureAwait(false);
            request.Experiment.Logs = terminal.Logs?.Factory;
            var run = new EvaluateRun(request, part, terminal, cancellation);
            var made = await ElementTypes.RunAsync(request.Experiment.DType, run).ConfigureAwait(false);
            if (!json) ClassTables.Write(terminal, made.Evaluation);
            Write(terminal, json, request.Experiment, made, part);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(Terminal terminal, bool json, Experiment experiment, EvaluateResult made,
        DataPart part) => Facts.Write(
        terminal, json, "evaluate",
        new("model", "model", experiment.Model),
        new Fact("dtype", experiment.DType),
        new("data", "data", made.Data),
        new("part", "part", UseOptions.NameOf(part)),
        new("samples", "samples", made.Evaluation.Samples),
        new("loss", "loss", made.Evaluation.Loss, $"{made.Evaluation.Loss:0.0000}"),
        new("accuracy", "accuracy", made.Evaluation.Accuracy,
            made.Evaluation.Accuracy is { } accuracy ? $"{100 * accuracy:0.00} %" : null),
        new("meanAbsoluteError", "mean absolute error", made.Evaluation.MeanAbsoluteError,
            made.Evaluation.MeanAbsoluteError?.ToString("0.000000")),
        new("meanSquaredError", "mean squared error", made.Evaluation.MeanSquaredError,
            made.Evaluation.MeanSquaredError?.ToString("0.000000")),
        new Fact("classes", ClassTables.Json(made.Evaluation)),
        new Fact("confusion", made.Evaluation.Accuracy is null ? null : made.Evaluation.Confusion),
        new("standardization", "features", StandardizationReport.Json(made.Standardization),
            StandardizationReport.Words(made.Standardization)),
        new("messages", "messages", made.Messages),
        new("weightsSha256", "weights SHA-256", made.WeightsSha256));
}
