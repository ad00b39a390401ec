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

    /// <summary>Whether every loss and every update is there, and under lockstep everybody's part
    /// of the last timestep.</summary>
    public bool IsComplete => _updates.Count == 0 && _parts.Count == 0 && Array.TrueForAll(_hasLoss, h => h);

    /// <summary>Under lockstep: whether all have done their part of the current timestep.</summary>
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
                _isForward[forward.MicroBatch] = true;
                break;
            case UpdateReport update:
                _updates.Remove(update.Vertex);
                break;
            case AdvanceReport advance when advance.Time == Time:
                _parts.Remove(advance.Vertex);
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
        // Under lockstep, what is due at this timestep: the others' turn has not come.
        var due = Time < 0 ? _updates : plan.LearningAt(Time).Where(_updates.Contains);
        return _parts.Count > 0 ? $"timestep of {plan.Name(_parts)}" : $"update of {plan.Name(due)}";
    }
}
