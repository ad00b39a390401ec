using System.Globalization;
using System.Numerics;
using PcActors.Checkpoints;
using PcActors.Learning;
using PcActors.Runs;
using PcNode.Checkpointing;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Networks;
using PcNode.Output;

namespace PcNode.Commands;

/// <summary><c>pcnode checkpoints DIR</c>: lists the checkpoints of a run, and writes a model
/// file from any of them.</summary>
internal static class CheckpointsCommand
{
    public static ExampledCommand Create(Terminal terminal)
    {
        var command = new ExampledCommand(
            "checkpoints",
            "Lists the checkpoints that 'pcnode train --checkpoint DIR' has kept, and writes the network of one into "
            + "a model file.",
            "pcnode checkpoints run1",
            "pcnode checkpoints run1 --json",
            "pcnode checkpoints run1 --export model.onnx              the last one",
            "pcnode checkpoints run1 --step 150 --export model.onnx");
        var place = command.AddArgument(
            "DIR",
            $"where they are; where the environment variable {CheckpointTarget.Variable} tells of a database, the "
            + "name of a run in it");
        var step = command.AddOption<long?>(Heading.Output, "--step", "N",
            "the checkpoint to export: the one of this step; the last one by default");
        var export = command.AddExport("the network of a checkpoint");
        command.SetAction(async (result, cancellation) =>
        {
            var name = result.GetValue(place)
                ?? throw new UsageException("DIR: it is missing; give the place of the checkpoints");
            var (wanted, path) = (result.GetValue(step), result.GetValue(export));
            if (wanted is not null && path is null)
                throw new UsageException("--step: it needs --export, which says where the model of that step goes");
            var target = CheckpointTarget.Of(name, Settings.Reference, "DIR");
            if (path is not null)
            {
                ModelExport.RequireForm(path);
                AtomicFile.Require(path, export.Name);
                target.RequireIsNone(path, export.Name);
            }
            await using var store = await target.OpenAsync(cancellation).ConfigureAwait(false);
            var list = await store.ListAsync(cancellation).ConfigureAwait(false);
            var report = new Report(terminal, CommandOptions.IsJson(result));
            if (list.Checkpoints.Count == 0 && list.Refused.Count == 0)
                throw new UsageException($"DIR: there is no checkpoint in {target.Name}");
            if (path is null) report.Write(list);
            if (path is null && list.Checkpoints.Count == 0)
                throw new UsageException($"DIR: none of the checkpoints in {target.Name} can be used");
            if (path is null) return ExitCode.Done;
            var manifest = list.Checkpoints.FirstOrDefault(c => wanted is null || c.Step == wanted)
                ?? throw Missing(target, list, wanted);
            var run = StoredRun.Of(manifest);
            var experiment = Experiment.Create(run.Model, [], "train", settings => run.Continue(settings, target.Name));
            experiment.RequireWritable(path, export.Name, mayBeModel: true);
            return await ElementTypes.RunAsync(experiment.DType,
                new Exporting(experiment, store, run, path, report, cancellation)).ConfigureAwait(false);
        });
        return command;
    }

    private static UsageException Missing(CheckpointTarget target, CheckpointList list, long? wanted) =>
        list.Checkpoints.Count == 0
        ? new UsageException(
            $"DIR: none of the checkpoints in {target.Name} can be used: {string.Join("; ", list.Refused)}")
        : new UsageException(
            $"--step: there is no checkpoint of step {wanted} in {target.Name}; there are "
            + $"{string.Join(" and ", list.Checkpoints.Select(c => c.Step))}");

    private sealed class Exporting(
        Experiment experiment, CheckpointStore store, StoredRun run, string path, Report report,
        CancellationToken cancellation) : IGenericWork<int>
    {
        public async Task<int> RunAsync<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var built = ExperimentGraphs.BuildFor<T>(experiment, run.DataForm);
            run.RequireModel(experiment, built.Graph);
            var snapshot = await store.LoadAsync<T>(run.Manifest, cancellation).ConfigureAwait(false);
            var parameters = built.Source.InOrder(snapshot.ParametersOf(built.Graph));
            var sha256 = Parameters.Sha256(parameters);
            var notes = ExportHistory.Of(experiment, built.Source.Graph, run.Manifest.Step, sha256,
                run.Training.Standardization, run.Training.ClassNames);
            if (built.Source.Export(parameters, path, notes) is { } failure) throw new RunFailedException(failure);
            report.WriteExport(run, sha256, path);
            return ExitCode.Done;
        }
    }

    private sealed class Report(Terminal terminal, bool json)
    {
        public void Write(CheckpointList list)
        {
            foreach (var manifest in list.Checkpoints)
            {
                var run = StoredRun.Of(manifest);
                if (json) WriteJson(run);
                else WriteText(run);
            }
            foreach (var refused in list.Refused)
            {
                if (json) JsonLines.Write(terminal.Output, ("event", "checkpointRefused"), ("reason", refused));
                else terminal.Print($"refused: {refused}");
            }
        }

        public void WriteExport(StoredRun run, string weightsSha256, string path) => Facts.Write(
            terminal, json, "export",
            new("step", "step", run.Manifest.Step, $"{run.Manifest.Step}"),
            new("weightsSha256", "weights SHA-256", weightsSha256), new("export", ModelExport.NameOf(path), path,
                ModelExport.Words(path, run.Training.Standardization)));

        private void WriteJson(StoredRun run) => JsonLines.Write(
            terminal.Output,
            ("event", "checkpoint"),
            ("step", run.Manifest.Step),
            ("time", run.Manifest.Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
            ("model", run.Model),
            ("parameters", run.Manifest.Digests.Count),
            ("bytes", run.Manifest.Bytes),
            ("messages", run.Manifest.Messages.Total),
            ("testAccuracy", run.Training.IsValidated ? null : run.Training.TestAccuracy),
            ("testLoss", run.Training.IsValidated ? null : Finite(run.Training.TestLoss)),
            ("validationAccuracy", run.Training.IsValidated ? Finite(run.Training.TestAccuracy) : null),
            ("validationLoss", run.Training.IsValidated ? Finite(run.Training.TestLoss) : null),
            ("bestEpoch", run.Training.Best?.Epoch));

        private static double? Finite(double number) => double.IsFinite(number) ? number : null;

        private void WriteText(StoredRun run)
        {
            var score = run.Training.Score;
            terminal.Print(
                $"step {run.Manifest.Step}  {run.Manifest.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC  {run.Model}  "
                + $"{run.Manifest.Digests.Count} parameters  {run.Manifest.Bytes:#,0} bytes"
                + (score.IsKnown ? $"  {TestWords.NameOf(score, run.Training.IsValidated)} {TestWords.Of(score)}" : "")
                + (run.Training.Best is { } best
                    ? $"  best of epoch {best.Epoch}, {TestWords.Of(best.Score)}"
                    : ""));
        }
    }
}
