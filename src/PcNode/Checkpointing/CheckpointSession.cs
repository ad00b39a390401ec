using System.Numerics;
using Microsoft.Extensions.Logging;
using PcActors.Checkpoints;
using PcActors.Data;
using PcActors.Graphs;
using PcActors.Runs;
using PcActors.Training;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Output;

namespace PcNode.Checkpointing;

/// <summary>The checkpoints of one <c>train</c>: where they go, and which one it goes on from.</summary>
internal sealed class CheckpointSession : IAsyncDisposable
{
    private readonly CheckpointStore _store;
    private readonly Terminal _terminal;
    private readonly bool _json;
    private readonly IReadOnlyList<string> _refused;

    private CheckpointSession(
        CheckpointTarget target, CheckpointStore store, StoredRun? resumed, IReadOnlyList<string> refused,
        Terminal terminal, bool json) =>
        (Target, _store, Resumed, _refused, _terminal, _json, Time) =
        (target, store, resumed, refused, terminal, json, new TimeToSave(resumed?.Manifest.Step));

    /// <summary>Where they are.</summary>
    public CheckpointTarget Target { get; }

    /// <summary>The time that an interrupted run has to save its end.</summary>
    public TimeToSave Time { get; }

    /// <summary>The run that is gone on with; null for a new one.</summary>
    public StoredRun? Resumed { get; }

    /// <summary>Opens the store, and finds the checkpoint to go on from.</summary>
    /// <param name="target">Where checkpoints are.</param>
    /// <param name="resume">Whether an earlier run goes on.</param>
    /// <param name="terminal">Told which checkpoints are there and cannot be used.</param>
    /// <param name="json">Whether it is told in JSON, too.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="UsageException">There is a run already, or none to resume.</exception>
    /// <exception cref="CheckpointException">The store cannot be opened or read.</exception>
    public static async Task<CheckpointSession> OpenAsync(
        CheckpointTarget target, bool resume, Terminal terminal, bool json, CancellationToken cancellation)
    {
        var store = await target.OpenAsync(cancellation).ConfigureAwait(false);
        try
        {
            var list = await store.ListAsync(cancellation).ConfigureAwait(false);
            if (resume) RequireSome(target, list);
            else RequireNew(target, list);
            var run = resume ? StoredRun.Of(list.Checkpoints[0]) : null;
            await target.RequireWritableAsync(store, cancellation).ConfigureAwait(false);
            return new CheckpointSession(target, store, run, list.Refused, terminal, json);
        }
        catch (Exception)
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Refuses a network, data or a length that are not the resumed run's; else tells
    /// from where it goes on.</summary>
    /// <exception cref="UsageException">They are others.</exception>
    public void Require<T>(Experiment experiment, DataSplit<T> data, Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Resumed is not { } run) return;
        var step = run.Manifest.Step;
        if (ModelOf(experiment, graph) is var model && model != run.Manifest.Model)
        {
            throw new UsageException(
                $"--resume: the checkpoint of step {step} in {Target.Name} is of the model {run.Model}, "
                + $"{run.Manifest.Model}, and {experiment.Model} is {model}");
        }
        if (StoredRun.DigestOf(data) != run.DataDigest)
        {
            throw new UsageException(
                $"{experiment.Settings.OriginOf(SettingCatalogue.Data)}: the samples in {experiment.Data} are not "
                + $"those that the run in {Target.Name} was trained on");
        }
        if (experiment.Settings.Get(SettingCatalogue.Steps) is { } steps && steps < step)
            throw new UsageException(
                $"{experiment.Settings.OriginOf(SettingCatalogue.Steps)}: the run in {Target.Name} has made {step} "
                + $"steps already, and {steps} were asked for");
        foreach (var setting in new Setting[] { SettingCatalogue.EarlyStopping, SettingCatalogue.KeepBest })
        {
            if (!run.HasLostBest || experiment.Settings.TextOf(setting) is ValueTypes.Auto or "false") continue;
            throw new UsageException(
                $"{experiment.Settings.OriginOf(setting)}: the run in {Target.Name} has not kept the weights of its "
                + "best epoch; that has to be asked for when it begins");
        }
        foreach (var refused in _refused) CheckpointReport.WriteRefused(_terminal, _json, refused);
        CheckpointReport.WriteResumed(_terminal, _json, Target, run);
    }

    /// <summary>Says that a run that goes on has nothing left to do.</summary>
    /// <param name="experiment">What is asked for.</param>
    /// <param name="loop">Its training.</param>
    public void TellNothingLeft<T>(Experiment experiment, TrainingLoop<T> loop)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Resumed is not { Manifest.Step: var step } || step < loop.Steps) return;
        var epochs = $"{SettingCatalogue.Epochs.OptionName} {experiment.Settings.TextOf(SettingCatalogue.Epochs)}";
        _terminal.Say(step > loop.Steps
            ? $"checkpoint: the run in {Target.Name} has made {step:#,0} steps already, more than the {loop.Steps:#,0} "
                + $"of {epochs}: nothing is trained, and the result is that of the checkpoint"
            : $"checkpoint: the run in {Target.Name} is at its end: nothing is trained, and the result is that of the "
                + "checkpoint; more --epochs or --steps let it go on", LogLevel.Warning);
    }

    /// <summary>What the network goes on from; null for initial values.</summary>
    /// <exception cref="CheckpointException">A state cannot be read.</exception>
    public async Task<NetworkSnapshot<T>?> LoadAsync<T>(CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Resumed is null ? null : await _store.LoadAsync<T>(Resumed.Manifest, cancellation).ConfigureAwait(false);

    /// <summary>How the training of a network is saved.</summary>
    public CheckpointPlan PlanFor<T>(Experiment experiment, DataSplit<T> data, Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new()
        {
            Store = _store,
            Model = ModelOf(experiment, graph),
            Every = experiment.Settings.Get(SettingCatalogue.CheckpointEvery),
            Keep = experiment.Settings.Get(SettingCatalogue.CheckpointKeep),
            Notes = StoredRun.NotesOf(experiment, data),
            Begins = Time.Begin,
            Report = outcome =>
            {
                CheckpointReport.Write(_terminal, _json, outcome);
                Time.End(isSaved: outcome.Failure is null);
            },
        };

    /// <summary>Says so when the end of a run is not saved.</summary>
    public void WriteEnd(TrainingResult result)
    {
        if (result.SavedStep != result.Steps) CheckpointReport.WriteNotSaved(_terminal, Target, result);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _store.DisposeAsync();

    /// <summary>Identifies an experiment's network.</summary>
    public static string ModelOf<T>(Experiment experiment, Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        CheckpointModel.Of(graph, experiment.LearningRule, experiment.Loss, experiment.Optimizer, experiment.Micro,
            experiment.Schedule,
            TextOf(experiment.Infers ? NetworkFactory.OptionsFor(experiment, graph).CodingOf(graph) : null,
                experiment.Feeding.Feed.Text));

    private static string? TextOf(string? coding, string? feed) => feed is null ? coding : $"{coding}{feed}";


    private static void RequireNew(CheckpointTarget target, CheckpointList list)
    {
        if (list.Checkpoints.Count == 0 && list.Refused.Count == 0) return;
        var last = list.Checkpoints is [var first, ..]
            ? $"the last one of step {first.Step}"
            : "though none that can be used";
        throw new UsageException(
            $"--checkpoint: {target.Name} has checkpoints, {last}; go on from them with --resume, or give another "
            + "place");
    }

    private static void RequireSome(CheckpointTarget target, CheckpointList list)
    {
        if (list.Checkpoints.Count > 0) return;
        throw new UsageException(list.Refused.Count == 0
            ? $"--resume: there is no checkpoint in {target.Name}"
            : $"--resume: none of the checkpoints in {target.Name} can be used: {string.Join("; ", list.Refused)}");
    }
}
