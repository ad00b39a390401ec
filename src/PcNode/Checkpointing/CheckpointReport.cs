using Microsoft.Extensions.Logging;
using PcActors.Training;
using PcNode.Output;

namespace PcNode.Checkpointing;

/// <summary>What <c>train</c> tells of its checkpoints.</summary>
internal static class CheckpointReport
{
    /// <summary>One has been saved, or could not be.</summary>
    public static void Write(Terminal terminal, bool json, CheckpointOutcome outcome)
    {
        if (outcome.Failure is null)
        {
            terminal.Logs?.Write(LogLevel.Information, $"the checkpoint of step {outcome.Step} is saved");
            if (json) JsonLines.Write(terminal.Output, ("event", "checkpoint"), ("step", outcome.Step));
            return;
        }
        terminal.Say($"checkpoint: {outcome.Failure}", LogLevel.Warning);
        if (json)
            JsonLines.Write(terminal.Output, ("event", "checkpointFailed"), ("step", outcome.Step),
                ("reason", outcome.Failure));
    }

    /// <summary>One is there that cannot be used.</summary>
    public static void WriteRefused(Terminal terminal, bool json, string reason)
    {
        terminal.Say($"checkpoint: {reason}", LogLevel.Warning);
        if (json) JsonLines.Write(terminal.Output, ("event", "checkpointRefused"), ("reason", reason));
    }

    /// <summary>The end of a run is not saved.</summary>
    public static void WriteNotSaved(Terminal terminal, CheckpointTarget target, TrainingResult result) => terminal.Say(
        result.SavedStep is { } step
            ? $"checkpoint: the end of the run, step {result.Steps}, is not saved in {target.Name}; the last "
                + $"checkpoint there is of step {step}"
            : $"checkpoint: nothing of the run is saved in {target.Name}",
        LogLevel.Warning);

    /// <summary>A run goes on from one.</summary>
    public static void WriteResumed(Terminal terminal, bool json, CheckpointTarget target, StoredRun run)
    {
        terminal.Say($"checkpoint: the run in {target.Name} goes on from step {run.Manifest.Step}");
        if (json) JsonLines.Write(terminal.Output, ("event", "resumed"), ("step", run.Manifest.Step));
    }
}
