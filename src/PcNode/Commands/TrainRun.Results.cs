using System.Globalization;
using Microsoft.Extensions.Logging;
using PcActors.Data;
using PcActors.Learning.Instruments;
using PcActors.Runs;
using PcActors.Training;
using PcNode.Experiments;
using PcNode.Networks;
using PcNode.Output;
using PcNode.Reports;

namespace PcNode.Commands;

/// <content>What a run tells: its epochs, its notices and its result.</content>
internal sealed partial class TrainRun
{
    private void TellTolerance(TrainingProgress progress)
    {
        if (_hasToldTolerance || progress.Inference is not { Unconverged: > 0 and var missed } inference) return;
        _hasToldTolerance = true;
        terminal.Say(
            $"{ToleranceNotice.Of(experiment)} in {missed:#,0} of {inference.Steps:#,0} steps of epoch "
            + $"{progress.Epoch}; {ToleranceNotice.Advice}", LogLevel.Warning);
    }

    private void TellBest(TrainingResult result)
    {
        if (result.Best is not { } best) return;
        var stopped = result.IsStoppedEarly
            ? $"early stopping: no epoch of the last {result.Epochs - best.Epoch} was better than epoch {best.Epoch}; "
            : $"the best epoch is {best.Epoch}; ";
        var name = TestWords.NameOf(best.Score, result.Validation is not null);
        terminal.Say($"{stopped}the weights are those after it, with a {name} of "
            + $"{TestWords.Of(best.Score)}");
    }

    private void WriteEpoch(TrainingProgress progress, TestMeasureKind measure, InferenceRecord? last,
        IReadOnlyList<EnergyCourse>? courses) => JsonLines.Write(
        terminal.Output,
        ("event", "epoch"),
        ("epoch", progress.Epoch),
        ("epochs", progress.Epochs),
        ("steps", progress.Step),
        ("loss", progress.Loss),
        ("testAccuracy", Finite(progress.TestAccuracy)),
        ("testLoss", Finite(progress.TestLoss)),
        ("testMeasure", TestWords.Of(measure, experiment)),
        ("validationAccuracy", Finite(progress.Validation?.Accuracy)),
        ("validationLoss", Finite(progress.Validation?.Loss)),
        ("freeEnergy", progress.Inference.FreeEnergy),
        ("freeEnergies", last?.FreeEnergies),
        ("energies", courses?.Select(c => c.Json)),
        ("inferenceSteps", progress.Inference.Timesteps),
        ("converged", progress.Inference.Converged),
        ("learningRate", experiment.Optimizer.LearningRate * experiment.Schedule.FactorAt(progress.Step)),
        ("seconds", progress.Elapsed.TotalSeconds));

    private void Write(TrainingResult result, Outcome outcome, TraceReport? report) => Facts.Write(
        terminal, json, "result",
        new("model", "model", experiment.Model),
        new("rule", "rule", experiment.Rule),
        new("clock", "clock", experiment.ClockName),
        new Fact("dtype", experiment.DType),
        new Fact("schedule", experiment.ScheduleText),
        new("epochs", "epochs", result.Epochs,
            $"{result.Epochs}{(result.IsInterrupted ? $" of {_options.Epochs}, interrupted" : "")}"
            + (result.IsStoppedEarly ? $" of {_options.Epochs}, stopped early" : "")),
        new("steps", "steps", result.Steps),
        new("loss", "loss", result.Loss, double.IsFinite(result.Loss) ? $"{result.Loss:0.0000}" : null),
        new("testAccuracy", "test accuracy", Finite(result.TestAccuracy),
            double.IsFinite(result.TestAccuracy) ? $"{100 * result.TestAccuracy:0.00} %" : null),
        new("testLoss", "test loss", Finite(result.TestLoss),
            double.IsFinite(result.TestLoss) ? $"{result.TestLoss:0.0000}" : null),
        new("testMeasure", "measured on the test set", TestWords.Of(outcome.Measure, experiment)),
        new("validationAccuracy", "validation accuracy", Finite(result.Validation?.Accuracy),
            Optional(100 * Finite(result.Validation?.Accuracy), "0.00 '%'")),
        new("validationLoss", "validation loss", Finite(result.Validation?.Loss),
            Optional(Finite(result.Validation?.Loss), "0.0000")),
        new Fact("classNames", outcome.ClassNames),
        new("freeEnergy", "free energy", result.Inference.FreeEnergy,
            Optional(result.Inference.FreeEnergy, "0.0000")),
        new(null, "energy by vertex", null, EnergyCourse.Words(outcome.Courses)),
        new("inferenceSteps", "timesteps a step", result.Inference.Timesteps,
            Optional(result.Inference.Timesteps, "0.##")),
        new("converged", "converged", result.Inference.Converged, Words(result.Inference)),
        new("latents", "latent vertices", outcome.Latents?.Choice,
            outcome.Latents is { } latents ? $"{latents.Latents:#,0}, by {latents.Choice}" : null),
        new Fact("latentVertices", outcome.Latents?.Latents),
        new("bestEpoch", "best epoch", result.Best?.Epoch),
        new Fact("stoppedEarly", result.IsStoppedEarly),
        new("standardization", "features", StandardizationReport.Json(outcome.Standardization),
            StandardizationReport.Words(outcome.Standardization)),
        new("messages", "messages", outcome.Messages.Total),
        new("seconds", "seconds", result.Elapsed.TotalSeconds, $"{result.Elapsed.TotalSeconds:0.000}"),
        new(null, "ms a step", null,
            result.Steps > 0 ? $"{result.Elapsed.TotalMilliseconds / result.Steps:0.000}" : null),
        new("weightsSha256", "weights SHA-256", outcome.WeightsSha256),
        new Fact("interrupted", result.IsInterrupted),
        new Fact("savedStep", result.SavedStep),
        new("recallError", "recall error", outcome.RecallError,
            outcome.RecallError is { } error ? $"{error:0.00000}" : null),
        new("picture", "picture", outcome.PictureFailure is null ? pictures?.Path : null),
        new("export", ModelExport.NameOf(export), outcome.ExportFailure is null ? export : null,
            outcome.ExportFailure is null ? ModelExport.Words(export, outcome.Standardization) : null),
        new("energy", "energies", energies?.Path),
        new("trace", "trace", tracing?.Path, report?.Outcome));

    private static double? Finite(double? number) => number is { } known && double.IsFinite(known) ? number : null;

    // What there is none of has no row.
    private static string? Optional(double? number, string format) =>
        number?.ToString(format, CultureInfo.InvariantCulture);

    private static string? Words(InferenceTally inference) => inference.Converged switch
    {
        null => null,
        true => "in every step of the last epoch",
        false => $"not in {inference.Unconverged:#,0} of {inference.Steps:#,0} steps of the last epoch",
    };

    private sealed record Outcome(TrainingResult Result, MessageCounts Messages, string WeightsSha256,
        string? ExportFailure, LatentCount? Latents, TestMeasureKind Measure, double? RecallError,
        string? PictureFailure,
        IReadOnlyList<EnergyCourse>? Courses, IReadOnlyList<string>? ClassNames)
    {
        public Standardization? Standardization { get; init; }
    }
}
