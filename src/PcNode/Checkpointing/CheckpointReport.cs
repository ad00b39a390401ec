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
            if (json) JsonLines.Write(terminal.Output, ("event", "checkpoint"), ("step", outcome.Step));
            return;
        }
        terminal.Error.WriteLine($"checkpoint: {outcome.Failure}");
        if (json) JsonLines.Write(terminal.Output, ("event", "checkpointFailed"), ("step", outcome.Step), ("reason", outcome.Failure));
    }

    /// <summary>One is there that cannot be used.</summary>
    public static void WriteRefused(Terminal terminal, bool json, string reason)
    {
        terminal.Error.WriteLine($"checkpoint: {reason}");
        if (json) JsonLines.Write(terminal.Output, ("event", "checkpointRefused"), ("reason", reason));
    }

    /// <summary>The end of a run is not saved.</summary>
    public static void WriteNotSaved(Terminal terminal, CheckpointTarget target, TrainingResult result) => terminal.Error.WriteLine(result.SavedStep is { } step
        ? $"checkpoint: the end of the run, step {result.Steps}, is not saved in {target.Name}; the last checkpoint there is of step {step}"
        : $"checkpoint: nothing of the run is saved in {target.Name}");

    /// <summary>A run goes on from one.</summary>
    public static void WriteResumed(Terminal terminal, bool json, CheckpointTarget target, StoredRun run)
    {
        terminal.Error.WriteLine($"checkpoint: the run in {target.Name} goes on from step {run.Manifest.Step}");
        if (json) JsonLines.Write(terminal.Output, ("event", "resumed"), ("step", run.Manifest.Step));
    }
}
