using PcNode.Output;

namespace PcNode.Checkpointing;

/// <summary>The time that a run has when it is interrupted: to finish the steps at hand, and to save them, however
/// long writing takes.</summary>
/// <param name="resumed">The step of the checkpoint that the run goes on from; null for a new run.</param>
internal sealed class TimeToSave(long? resumed)
{
    private static readonly TimeSpan ToFinish = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ToTell = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private long? _saved = resumed;
    private long? _saving;
    private bool _isInterrupted;

    /// <summary>What is lost where the steps at hand are not done in time.</summary>
    public string Loss => _saved is { } last
        ? $"nothing is saved since the checkpoint of step {last}" : "nothing of the run is saved";

    /// <summary>A checkpoint begins to be saved.</summary>
    public void Begin(long step)
    {
        lock (_lock)
        {
            _saving = step;
            if (_isInterrupted) Allow();
        }
    }

    /// <summary>It is saved, or could not be.</summary>
    public void End(bool isSaved)
    {
        lock (_lock)
        {
            if (isSaved) _saved = _saving ?? _saved;
            _saving = null;
            if (_isInterrupted) Interruption.Allow(ToTell, "measuring the accuracy");
        }
    }

    /// <summary>The run is interrupted.</summary>
    public void Interrupt()
    {
        lock (_lock)
        {
            _isInterrupted = true;
            Allow();
        }
    }

    private void Allow()
    {
        if (_saving is { } step) Interruption.Allow(null, $"writing the checkpoint of step {step}");
        else Interruption.Allow(ToFinish, "finishing the steps at hand, to save them", Loss);
    }
}
