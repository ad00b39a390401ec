using PcActors.Learning.Protocol;

namespace PcActors.Tracing.Audit.Checks;

/// <summary>Steps follow one another: each begins when the one before has ended or is begun
/// anew, and takes over the update of the last training step that ended.</summary>
internal sealed class StepCheck(AuditGraph graph, AuditRule rule, long start) : Check(
    "steps",
    "a step begins after the one before has ended, with every parameter's update reported, and takes that update over",
    graph)
{
    private readonly List<(StepId Step, long Sent, string Vertex)> _commits = [];
    private (StepId Step, long Ended)? _lastTrained;
    private Attempt? _previous;

    public override void See(in AuditedMessage message)
    {
        var record = message.Record;
        if (message.Kind != MessageKind.RequestParameter || record.Commit is not { } commit) return;
        if (_lastTrained is { } trained && trained.Step == commit)
            CheckCommit(commit, record.N, trained.Ended, Graph.Name(record.To));
        else _commits.Add((commit, record.N, Graph.Name(record.To)));
    }

    public override void Close(Attempt attempt)
    {
        if (!attempt.HasBegun) return;
        CheckOrder(attempt);
        if (attempt.IsTraining && attempt.IsPrediction)
            Violate("there is a target for the root, and a request for its prediction", attempt.Step);
        else if (!attempt.IsInference && attempt.IsTraining == attempt.Step.IsPrediction
            && (attempt.IsTraining || attempt.IsPrediction))
            Violate(
                $"{Describe(attempt.Step)} has "
                + $"{(attempt.IsTraining ? "a target for the root" : "a request for the root's prediction")}",
                attempt.Step);
        foreach (var commit in attempt.Commits)
        {
            if (commit != _lastTrained?.Step)
                Violate(
                    $"a parameter was told to take over {Describe(commit)}; the last training step that ended is "
                    + $"{Describe(_lastTrained?.Step)}", attempt.Step);
        }
        if (rule.IsLockstep && (attempt.IsTraining || attempt.IsInference)) CheckTimesteps(attempt);
        _previous = attempt;
        if (!attempt.IsTraining || !attempt.HasEnded || attempt.IsAbandoned) return;
        _lastTrained = (attempt.Step, attempt.Ended);
        foreach (var (_, sent, vertex) in _commits.Where(c => c.Step == attempt.Step))
            CheckCommit(attempt.Step, sent, attempt.Ended, vertex);
        _commits.RemoveAll(c => c.Step == attempt.Step);
    }

    public override void End()
    {
        foreach (var (step, sent, vertex) in _commits)
            Violate($"{vertex} was told to take over a step that has not ended", step, number: sent);
    }

    private void CheckCommit(StepId step, long sent, long ended, string vertex)
    {
        if (sent <= ended) Violate($"{vertex} was told to take over a step that had not ended", step, number: sent);
    }

    private void CheckOrder(Attempt attempt)
    {
        if (!attempt.IsAbandoned && !attempt.IsLast && !attempt.HasEnded)
            Violate($"the step never ended: missing is {Missing(attempt)}", attempt.Step);
        var (before, step) = (_previous, attempt.Step);
        var last = before?.Step ?? new StepId(1, start);
        var follows = before is { IsAbandoned: true } ? step == last with { Run = last.Run + 1 }
            : step == new StepId(last.Run, last.Step + 1)
                || step == last with { Prediction = last.Prediction + 1, Infers = step.Infers };
        if (!follows) Violate($"it follows {Describe(before?.Step)}", step);
        if (before is { IsAbandoned: false, HasEnded: true } && attempt.Began <= before.Ended)
            Violate($"it began before the last report of {Describe(before.Step)} had been taken", step,
                number: attempt.Began);
    }

    // A timestep begins when all have done their part of the one before.
    private void CheckTimesteps(Attempt attempt)
    {
        foreach (var (time, number) in attempt.Contradictions)
            Violate($"one was told another purpose of time {time} than the others", attempt.Step, number: number);
        for (var v = 0; v < Graph.Vertices.Count && !rule.LearnsAtLevel; v++)
        {
            for (var time = 1; Graph.Learns(v) && time <= attempt.Timesteps; time++)
            {
                if (attempt[MessageKind.UpdateReport, v, time: time] is { Happened: true } update
                    && ((attempt.PurposeAt(time - 1) ?? TimestepPurpose.None) & TimestepPurpose.Learn) == 0)
                    Violate($"{Graph.Name(v)} learnt from errors of time {time}, when nobody learns", attempt.Step,
                        number: update.Sent);
            }
        }
        var ended = attempt.Initialised;
        var times = rule.RestsBehindWave ? Graph.Levels.Max() : attempt.Timesteps;
        var active = Enumerable.Range(0, Graph.Vertices.Count).Where(Graph.Acts).ToList();
        var byLevel = active.ToLookup(v => Graph.Levels[v]);
        for (var time = 0; time < times; time++)
        {
            var next = ended;
            foreach (var v in rule.RestsBehindWave ? byLevel[time] : active.Where(a => attempt.Due.Acts(a, time)))
            {
                if (attempt[MessageKind.Advance, v, time: time] is { Happened: true } advance && advance.Sent <= ended)
                    Violate(
                        $"{Graph.Name(v)} was told to advance to time {time} before all had done their part of the "
                        + "time before", attempt.Step, number: advance.Sent);
                next = Math.Max(next, attempt[MessageKind.AdvanceReport, v, time: time].TakenAt);
            }
            ended = next;
        }
    }

    private string Missing(Attempt attempt)
    {
        for (var v = 0; v < Graph.Vertices.Count; v++)
        {
            if (attempt.IsTraining && Graph.Learns(v) && !attempt.LastUpdate(v).Happened)
                return $"the update of {Graph.Name(v)}";
        }
        return $"a report of {Graph.Name(Graph.Root)}, or of a vertex's part of a timestep";
    }

    private static string Describe(StepId? step) => step is { } id ? $"{id.Name}, attempt {id.Run}" : "none";
}
