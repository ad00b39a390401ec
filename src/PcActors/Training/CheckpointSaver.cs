using System.Diagnostics;
using PcActors.Learning;

namespace PcActors.Training;

/// <summary>Begins a run's checkpoints when they are due, one at a time, and tells what became of them.</summary>
internal sealed class CheckpointSaver
{
    private readonly CheckpointPlan? _plan;
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private Task<CheckpointOutcome>? _saving;
    private long? _tried;
    private long? _saved;

    /// <summary>For one run.</summary>
    /// <param name="plan">When, and what besides; null for never.</param>
    /// <param name="resumedAt">The step of the checkpoint that the run goes on from; null when it goes on from none.</param>
    public CheckpointSaver(CheckpointPlan? plan, long? resumedAt) => (_plan, _tried, _saved) = (plan, resumedAt, resumedAt);

    /// <summary>Whether the state after a step is to be saved, before any other step begins.</summary>
    /// <param name="step">The last step that has begun.</param>
    public bool IsDue(long step) => _plan is not null && step > (_tried ?? 0) && _saving is null
        && (_plan.Every.Steps is { } steps ? step % steps == 0 : _since.Elapsed >= _plan.Every.Time);

    /// <summary>Begins to save.</summary>
    public void Begin(TrainingState state)
    {
        var notes = new Dictionary<string, string>(_plan!.Notes, StringComparer.Ordinal);
        state.Write(notes);
        _tried = state.Step;
        _since.Restart();
        _saving = _plan.Checkpoints.SaveAsync(state.Step, notes);
    }

    /// <summary>Tells about what has been saved by now.</summary>
    public async Task LookAsync()
    {
        if (_saving is { IsCompleted: true }) await WaitAsync().ConfigureAwait(false);
    }

    /// <summary>Waits for what is being saved.</summary>
    public async Task WaitAsync()
    {
        if (_saving is not { } saving) return;
        var outcome = await saving.ConfigureAwait(false);
        _saving = null;
        // What could not be saved is not tried again before the next step, or the end.
        if (outcome.Failure is null) _saved = outcome.Step;
        _plan!.Report?.Invoke(outcome);
    }

    /// <summary>Begins to save the end of the run, unless that is saved already.</summary>
    public async Task EndAsync(TrainingState state)
    {
        if (_plan is null) return;
        await WaitAsync().ConfigureAwait(false);
        if (_saved != state.Step) Begin(state);
    }

    /// <summary>Lets go of what is being saved: the run has failed.</summary>
    public async Task AbandonAsync()
    {
        if (_saving is not { } saving) return;
        _saving = null;
        await saving.ContinueWith(t => t.Exception, TaskScheduler.Default).ConfigureAwait(false);
    }
}
