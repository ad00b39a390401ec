using System.Numerics;
using Microsoft.Extensions.Logging;
using PcActors.Checkpoints;
using PcActors.Graphs;
using PcActors.Runs;
using PcNode.Experiments;
using PcNode.Output;

namespace PcNode.Stepping;

/// <summary>What an optimizer keeps from step to step, in a file: its tensors for each parameter, and how many updates
/// there have been. A checkpoint's form.</summary>
/// <param name="path">The file; made by the first step.</param>
/// <param name="experiment">Whose steps they are.</param>
internal sealed class StateFile(string path, Experiment experiment)
{
    public const string Option = "--state";
    public const string Description =
        "keeps the optimizer's state there from step to step: steps one by one, each of the model that the one before "
        + "exported, have the bits of one run";

    public string Path => path;

    /// <summary>What a network goes on from: the file's state of its optimizer, and the model's own weights.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="terminal">Told when the weights are not those that the state was left with.</param>
    /// <returns>Null when there is no such file yet.</returns>
    /// <exception cref="UsageException">It is none, or another network's or optimizer's.</exception>
    public NetworkSnapshot<T>? Read<T>(Graph<T> graph, Terminal terminal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!File.Exists(path)) return null;
        var (manifest, snapshot) = Load<T>();
        if (manifest.Model != experiment.Optimizer.Name)
            throw new UsageException(
                $"{Option}: '{path}' has the state of the optimizer {manifest.Model}, and the optimizer is "
                + $"{experiment.Optimizer.Name}; give another file, or that optimizer");
        var values = graph.Parameters.ToDictionary(v => v.Name, v => v.Initial!, StringComparer.Ordinal);
        if (snapshot.States.Keys.FirstOrDefault(name => !values.ContainsKey(name)) is { } foreign)
            throw new UsageException(
                $"{Option}: '{path}' has a state of the parameter '{foreign}', which {experiment.Model} does not have");
        if (graph.Parameters.FirstOrDefault(v => !snapshot.States.TryGetValue(v.Name, out var state)
            || !state.Value.Shape.Equals(v.Shape)) is { } other)
            throw new UsageException(
                $"{Option}: '{path}' has no state of the parameter '{other.Name}' of shape {other.Shape}, which "
                + $"{experiment.Model} has");
        if (snapshot.States.Any(s => !s.Value.Value.Span.SequenceEqual(values[s.Key].Span)))
            terminal.Say(
                $"{Option}: the weights in {experiment.Model} are not those that the step before came to; the model's "
                + "are taken", LogLevel.Warning);
        return snapshot with
        {
            States = snapshot.States.ToDictionary(s => s.Key, s => s.Value with { Value = values[s.Key] },
                StringComparer.Ordinal),
        };
    }

    /// <summary>Writes what a network has come to.</summary>
    /// <exception cref="RunFailedException">It cannot be written.</exception>
    public void Write<T>(NetworkSnapshot<T> snapshot)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var manifest = new CheckpointManifest
        {
            Step = snapshot.Step,
            Model = experiment.Optimizer.Name,
            Time = TimeProvider.System.GetUtcNow(),
        };
        AtomicFile.Write(path, Option, stream => CheckpointFile.Write(stream, manifest, snapshot));
    }

    private (CheckpointManifest Manifest, NetworkSnapshot<T> Snapshot) Load<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            using var stream = File.OpenRead(path);
            var (manifest, _) = CheckpointHeader.Read(stream);
            stream.Position = 0;
            return (manifest, CheckpointFile.Read<T>(stream));
        }
        catch (Exception e) when (e is CheckpointException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException(
                $"{Option}: '{path}' is no state that a step has left: {e.Message}; give another file, which is then "
                + "made");
        }
    }
}
