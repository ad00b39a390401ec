using System.Numerics;
using PcActors.Checkpoints;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Training;

/// <summary>Saves a run when that is due: its network is copied between two steps, and written while steps go on, one
/// checkpoint at a time.</summary>
/// <param name="network">What is saved.</param>
/// <param name="plan">When, and where to.</param>
/// <param name="resumedAt">The step of the checkpoint that the run goes on from; null when it goes on from
/// none.</param>
/// <param name="time">The clock.</param>
internal sealed class CheckpointSaver<T>(INetwork<T> network, CheckpointPlan plan, long? resumedAt, TimeProvider time)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private Task<CheckpointOutcome>? _saving;
    private long _begun = time.GetTimestamp();
    private long _looked = time.GetTimestamp();
    private long? _tried = resumedAt;
    private long? _saved = resumedAt;
    private string? _hindrance;

    /// <summary>The step of the last checkpoint that is there; null when none is.</summary>
    public long? Saved => plan.Store.Hindrance is null ? _saved : null;

    /// <summary>Whether the state after a step is to be saved, before any other step begins.</summary>
    /// <param name="step">The last step that has begun.</param>
    public bool IsDue(long step) => step > (_tried ?? 0) && _saving is null
        && (plan.Every.Steps is { } steps ? step % steps == 0 : time.GetElapsedTime(_begun) >= plan.Every.Time);

    /// <summary>Begins to save.</summary>
    /// <param name="state">Where the training is.</param>
    /// <param name="best">The values after its best epoch; null when none are kept.</param>
    public void Begin(TrainingState state, IReadOnlyDictionary<string, Tensor<T>>? best)
    {
        plan.Begins?.Invoke(state.Step);
        _tried = state.Step;
        _begun = time.GetTimestamp();
        // Asked for before this returns: no later step is in it.
        var asked = network.SnapshotAsync();
        _saving = SaveAsync(state, asked, best);
    }

    /// <summary>Tells about what has been saved by now, and at once when nothing can be saved any more.</summary>
    /// <param name="step">Steps done.</param>
    public async Task LookAsync(long step)
    {
        if (_saving is { IsCompleted: true }) await WaitAsync().ConfigureAwait(false);
        if (time.GetElapsedTime(_looked) < LookEvery) return;
        _looked = time.GetTimestamp();
        if (plan.Store.Hindrance is var hindrance && hindrance == _hindrance) return;
        _hindrance = hindrance;
        if (hindrance is not null)
            plan.Report?.Invoke(new CheckpointOutcome(step, $"nothing can be saved in {plan.Store.Name}: {hindrance}"));
    }

    /// <summary>Waits for what is being saved.</summary>
    public async Task WaitAsync()
    {
        if (_saving is not { } saving) return;
        var outcome = await saving.ConfigureAwait(false);
        _saving = null;
        // What could not be saved is not tried again before the next step, or the end.
        if (outcome.Failure is null) _saved = outcome.Step;
        plan.Report?.Invoke(outcome);
    }

    /// <summary>Begins to save the end of the run, unless that is saved already.</summary>
    public async Task EndAsync(TrainingState state, IReadOnlyDictionary<string, Tensor<T>>? best)
    {
        await WaitAsync().ConfigureAwait(false);
        if (Saved != state.Step) Begin(state, best);
    }

    /// <summary>Lets go of what is being saved: the run has failed.</summary>
    public async Task AbandonAsync()
    {
        if (_saving is not { } saving) return;
        _saving = null;
        await saving.ContinueWith(t => t.Exception, TaskScheduler.Default).ConfigureAwait(false);
    }

    private async Task<CheckpointOutcome> SaveAsync(
        TrainingState state, Task<NetworkSnapshot<T>> asked, IReadOnlyDictionary<string, Tensor<T>>? best)
    {
        var snapshot = await asked.ConfigureAwait(false) with { Best = best };
        try
        {
            var notes = new Dictionary<string, string>(plan.Notes, StringComparer.Ordinal);
            state.Write(notes);
            var manifest = new CheckpointManifest
            {
                Step = state.Step,
                Model = plan.Model,
                Notes = notes,
                Time = time.GetUtcNow()
            };
            await plan.Store.SaveAsync(manifest, snapshot, plan.Keep).ConfigureAwait(false);
            return new CheckpointOutcome(state.Step);
        }
        catch (CheckpointException e)
        {
            return new CheckpointOutcome(state.Step, e.Message);
        }
    }
}
