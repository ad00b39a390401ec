using PcActors.Learning.Losses;
using PcActors.Learning.Protocol;


namespace PcActors.Actors;

/// <summary>Keeps account of one attempt at a step: what has been reported and what is missing. Plain, without actors.</summary>
internal sealed class StepLedger(StepPlan plan, int microBatches)
{
    private readonly double[] _losses = new double[microBatches];
    private readonly bool[] _hasLoss = new bool[microBatches];
    private readonly bool[] _isForward = new bool[microBatches];
    private readonly HashSet<int> _updates = [];
    private readonly HashSet<int> _parts = [];

    /// <summary>The attempt.</summary>
    public StepId Step { get; private set; }

    /// <summary>Under lockstep the current timestep; -1 during forward initialisation.</summary>
    public int Time { get; private set; }

    /// <summary>The loss: micro-batches' shares, summed by index.</summary>
    public double Loss => _losses.Sum();

    /// <summary>Whether every loss and every update is there, and under lockstep everybody's part of the last timestep.</summary>
    public bool IsComplete => _updates.Count == 0 && _parts.Count == 0 && Array.TrueForAll(_hasLoss, h => h);

    /// <summary>Under lockstep: whether everybody has done his part of the current timestep.</summary>
    public bool IsTimestepDone => Time < 0
        ? Array.TrueForAll(_isForward, f => f)
        : _parts.Count == 0 && Array.TrueForAll(plan.LearningAt(Time), v => !_updates.Contains(v));

    /// <summary>Opens the account of an attempt.</summary>
    public void Begin(StepId step)
    {
        Step = step;
        Time = -1;
        _hasLoss.AsSpan().Clear();
        _isForward.AsSpan().Clear();
        _parts.Clear();
        _updates.Clear();
        _updates.UnionWith(plan.Learning);
    }

    /// <summary>Under lockstep: begins the next timestep.</summary>
    public void BeginTimestep()
    {
        Time++;
        _parts.UnionWith(plan.ActiveAt(Time));
    }

    /// <summary>Enters a loss.</summary>
    public void Enter(LossReport report)
    {
        if (report.Step != Step) return;
        _losses[report.MicroBatch] = report.Loss;
        _hasLoss[report.MicroBatch] = true;
    }

    /// <summary>Enters the end of a forward initialisation.</summary>
    public void Enter(ForwardReport report)
    {
        if (report.Step == Step) _isForward[report.MicroBatch] = true;
    }

    /// <summary>Enters an update.</summary>
    public void Enter(UpdateReport report)
    {
        if (report.Step == Step) _updates.Remove(report.Vertex);
    }

    /// <summary>Enters a part of a timestep.</summary>
    public void Enter(AdvanceReport report)
    {
        if (report.Step == Step && report.Time == Time) _parts.Remove(report.Vertex);
    }

    /// <summary>What is missing, for a person.</summary>
    public string Missing()
    {
        if (!Array.TrueForAll(_hasLoss, h => h)) return $"the prediction of '{plan.Names[plan.Root]}'";
        // Under lockstep, what is due at this timestep: the others' turn has not come.
        var due = Time < 0 ? _updates : plan.LearningAt(Time).Where(_updates.Contains).ToHashSet();
        var waiting = _parts.Count > 0 ? _parts : due;
        var names = waiting.Order().Take(3).Select(id => $"'{plan.Names[id]}'");
        return $"{(_parts.Count > 0 ? "timestep" : "update")} of {string.Join(", ", names)}" +
            (waiting.Count > 3 ? $" and {waiting.Count - 3} more" : "");
    }
}
