using PcActors.Learning.Protocol;


namespace PcActors.Runs;

/// <summary>How far one attempt at a training step has come: what has been reported, and what is missing.</summary>
internal sealed class StepProgress(StepPlan plan, int microBatches)
{
    private readonly double[] _losses = new double[microBatches];
    private readonly bool[] _hasLoss = new bool[microBatches];
    private readonly bool[] _isForward = new bool[microBatches];
    private readonly HashSet<int> _updates = [];
    private readonly HashSet<int> _parts = [];

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

    /// <summary>Begins an attempt.</summary>
    public void Begin()
    {
        Time = -1;
        _losses.AsSpan().Clear();
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

    public void Take(LossReport report)
    {
        _losses[report.MicroBatch] = report.Loss;
        _hasLoss[report.MicroBatch] = true;
    }

    public void Take(ForwardReport report) => _isForward[report.MicroBatch] = true;

    public void Take(UpdateReport report) => _updates.Remove(report.Vertex);

    public void Take(AdvanceReport report)
    {
        if (report.Time == Time) _parts.Remove(report.Vertex);
    }

    /// <summary>What is missing, for a person.</summary>
    public string Missing()
    {
        if (!Array.TrueForAll(_hasLoss, h => h)) return $"the prediction of '{plan.Names[plan.Root]}'";
        // Under lockstep, what is due at this timestep: the others' turn has not come.
        var due = Time < 0 ? _updates : plan.LearningAt(Time).Where(_updates.Contains);
        return _parts.Count > 0 ? $"timestep of {plan.Name(_parts)}" : $"update of {plan.Name(due)}";
    }
}
