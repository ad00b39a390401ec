using PcActors.Learning.Protocol;

namespace PcActors.Runs;

/// <summary>How far one attempt at a training step, or at an inference, has come: what has been reported, and what is
/// missing.</summary>
internal sealed class StepProgress(StepPlan plan, int microBatches)
{
    private readonly double[] _losses = new double[microBatches];
    private readonly bool[] _hasLoss = new bool[microBatches];
    private readonly HashSet<(int Vertex, int MicroBatch)> _isForward = [];
    private readonly HashSet<int> _updates = [];
    private readonly HashSet<int> _parts = [];
    private bool _learns;
    private int _last;

    /// <summary>Under lockstep the current timestep; the one before the first during forward initialisation.</summary>
    public int Time { get; private set; }

    /// <summary>What the current timestep is for.</summary>
    public TimestepPurpose Purpose { get; private set; }

    /// <summary>Whether this timestep is the last.</summary>
    public bool IsLast { get; private set; }

    /// <summary>What has been reported of energies.</summary>
    public EnergyRecord Energies { get; } = new();

    /// <summary>The loss: micro-batches' shares, summed by index.</summary>
    public double Loss => _losses.Sum();

    /// <summary>Whether every loss and every update is there, and under lockstep everybody's part
    /// of the last timestep.</summary>
    public bool IsComplete => _updates.Count == 0 && _parts.Count == 0 && Array.TrueForAll(_hasLoss, h => h)
        && (plan.Timesteps == 0 || IsLast);

    /// <summary>Under lockstep: whether all have done their part of the current timestep.</summary>
    public bool IsTimestepDone => Time < plan.First
        ? IsForward
        : _parts.Count == 0 && Array.TrueForAll(plan.LearningAt(Time, Purpose), v => !_updates.Contains(v));

    /// <summary>Whether the forward initialisation has arrived everywhere.</summary>
    public bool IsForward => MissingEnd is null;

    private int? MissingEnd => plan.Ends
        .Where(v => Enumerable.Range(0, microBatches).Any(m => !_isForward.Contains((v, m))))
        .Cast<int?>().FirstOrDefault();

    /// <summary>Begins an attempt.</summary>
    /// <param name="learns">Whether parameters learn in it.</param>
    /// <param name="infers">Whether values move; otherwise it ends with the forward initialisation.</param>
    public void Begin(bool learns, bool infers = true)
    {
        _last = infers ? (learns ? plan.Timesteps : plan.SettlingTimesteps) - 1 : plan.First + plan.FurtherSweeps - 1;
        (Time, Purpose, IsLast, _learns) = (plan.First - 1, TimestepPurpose.None, plan.Timesteps == 0, learns);
        _losses.AsSpan().Clear();
        _hasLoss.AsSpan().Clear();
        _isForward.Clear();
        _parts.Clear();
        _updates.Clear();
        if (learns) _updates.UnionWith(plan.Learning);
        Energies.Begin();
    }

    /// <summary>Under lockstep: begins the next timestep.</summary>
    /// <param name="isSettled">Whether inference has ended before its last timestep.</param>
    public void BeginTimestep(bool isSettled)
    {
        Time++;
        Purpose = plan.PurposeOf(Time, isSettled, _learns);
        IsLast = isSettled || Time == _last;
        _parts.UnionWith(plan.ActiveAt(Time, Purpose));
        if (!plan.LearnsLast && Time > plan.First) _updates.UnionWith(plan.LearningAt(Time, Purpose));
        Energies.BeginTimestep(Purpose);
    }

    /// <summary>Inference has ended, and nothing is left to be done.</summary>
    public void End() => IsLast = true;

    /// <summary>The attempt that a report belongs to; null when it is none of a training step's.</summary>
    public static StepId? StepOf(object report) => report switch
    {
        LossReport loss => loss.Step,
        ForwardReport forward => forward.Step,
        UpdateReport update => update.Step,
        AdvanceReport advance => advance.Step,
        _ => null,
    };

    /// <summary>Takes a report.</summary>
    /// <exception cref="RunFailedException">It is of a micro-batch that is not there.</exception>
    public void Take(object report)
    {
        switch (report)
        {
            case LossReport loss:
                RequireMicroBatch(loss.MicroBatch);
                (_losses[loss.MicroBatch], _hasLoss[loss.MicroBatch]) = (loss.Loss, true);
                break;
            case ForwardReport forward:
                RequireMicroBatch(forward.MicroBatch);
                _isForward.Add((forward.Vertex, forward.MicroBatch));
                break;
            case UpdateReport update:
                _updates.Remove(update.Vertex);
                break;
            case AdvanceReport advance when advance.Time == Time:
                if (_parts.Remove(advance.Vertex)) Energies.Add(advance.Vertex, advance.Energy);
                break;
        }
    }

    /// <summary>Refuses a micro-batch that is not there: the root, of which reports with
    /// one come, made it up.</summary>
    /// <exception cref="RunFailedException">It is not there.</exception>
    public void RequireMicroBatch(int microBatch)
    {
        if ((uint)microBatch < (uint)microBatches) return;
        var root = plan.Names[plan.Root];
        throw new RunFailedException(
            $"the vertex '{root}' reported micro-batch {microBatch}; there are {microBatches}, from 0", root);
    }

    /// <summary>What is missing, for a person.</summary>
    public string Missing()
    {
        if (!Array.TrueForAll(_hasLoss, h => h)) return $"the prediction of '{plan.Names[plan.Root]}'";
        if (Time < plan.First && plan.Timesteps > 0 && MissingEnd is { } end)
            return $"the prediction of '{plan.Names[end]}'";
        // Under lockstep, what is due at this timestep: the others' turn has not come.
        var due = Time < plan.First ? _updates : plan.LearningAt(Time, Purpose).Where(_updates.Contains);
        return _parts.Count > 0 ? $"timestep of {plan.Name(_parts)}" : $"update of {plan.Name(due)}";
    }
}
