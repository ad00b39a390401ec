using PcActors.Learning.Protocol;

namespace PcActors.Tracing.Audit.Checks;

/// <summary>A message leaves only after what it depends on was taken: a value after its
/// vertex's inputs, an error after the values and errors that make it, an update after all of the
/// parameter's errors.</summary>
/// <remarks>By sequence numbers: a message's is drawn when it arrives, its taking draws another, and both
/// come from one counter. So "sent after taken" is exact, whatever the machine's clock shows.</remarks>
internal sealed class CausalityCheck(AuditGraph graph, AuditRule rule) : Check(
    "causality",
    "a value leaves after its vertex has taken its inputs, an error after the values and errors that make it, an "
    + "update after the parameter's errors", graph)
{
    public override void Close(Attempt attempt)
    {
        if (!attempt.HasBegun) return;
        for (var v = 0; v < Graph.Vertices.Count; v++)
        {
            if (Graph.Learns(v)) CheckUpdate(attempt, v);
            if (!Graph.IsFunction(v)) continue;
            for (var m = 0; m < attempt.MicroBatches; m++) CheckFunction(attempt, v, m);
        }
    }

    private void CheckFunction(Attempt attempt, int v, int m)
    {
        var inputs = InputsTaken(attempt, v, m, 0);
        if (m == 0 || attempt.Due.Varies(v, 0)) CheckValues(attempt, v, m, 0, inputs);
        CheckReport(attempt, attempt[MessageKind.ForwardReport, v, m], v, inputs, "forward initialisation");
        if (v == Graph.Root) CheckReport(attempt, attempt[MessageKind.LossReport, v, m], v, inputs, "loss");
        if (v == Graph.Root) CheckReport(attempt, attempt[MessageKind.PredictionReport, v, m], v, inputs, "prediction");
        if (!rule.RestsBehindWave)
        {
            for (var time = 0; time < attempt.Timesteps; time++)
            {
                if (attempt.Due.Acts(v, time)) CheckTimestep(attempt, v, m, time);
            }
            return;
        }
        if (!Graph.Acts(v)) return;
        var ready = Math.Max(inputs, v == Graph.Root ? 0 : ErrorsTaken(attempt, v, m, 1));
        CheckErrors(attempt, v, m, 1,
            rule.IsLockstep ? Math.Max(ready, attempt[MessageKind.Advance, v].TakenAt) : ready);
    }

    private void CheckTimestep(Attempt attempt, int v, int m, int time)
    {
        var due = attempt.Due;
        var ready = attempt[MessageKind.Advance, v, time: time].TakenAt;
        if (due.MovesBy(v, time)) ready = Math.Max(ready, ErrorsTaken(attempt, v, m, time));
        var holds = !rule.Sweeps && (Graph.Vertices[v].IsLatent || Graph.Vertices[v].IsFree);
        if (time > 0 && holds) CheckValues(attempt, v, m, time, ready);
        if (!due.IsStill(time)) ready = Math.Max(ready, InputsTaken(attempt, v, m, time));
        if (time > 0 && !holds && (m == 0 || due.Varies(v, time))) CheckValues(attempt, v, m, time, ready);
        if (due.PassesOn(v, time)) ready = Math.Max(ready, ErrorsTaken(attempt, v, m, time + 1));
        CheckErrors(attempt, v, m, time + 1, ready);
    }

    private void CheckUpdate(Attempt attempt, int v)
    {
        for (var time = 1; time <= Math.Max(1, attempt.Timesteps); time++)
        {
            var report = attempt[MessageKind.UpdateReport, v, time: time];
            if (!report.Happened) continue;
            var ready = attempt.Beginning(v, 0).TakenAt;
            for (var m = 0; m < attempt.MicroBatches; m++)
                ready = Math.Max(ready, ErrorsTaken(attempt, v, m, time));
            CheckReport(attempt, report, v, ready, "update");
        }
    }

    private long InputsTaken(Attempt attempt, int v, int m, int time)
    {
        var last = 0L;
        foreach (var e in Graph.Inputs(v))
        {
            var source = Graph.Edges[e].From;
            // What closes a cycle is read from the first timestep on, and under a rule that sweeps one timestep late.
            var at = Graph.Edges[e].IsRecurrent ? time - (rule.Sweeps ? 1 : 0) : time;
            if (Graph.Edges[e].IsRecurrent && (at < 0 || time == 0)) continue;
            if (!attempt.Due.SendsValue(source, at)) at = 0;
            last = Math.Max(last,
                attempt[MessageKind.Value, e, attempt.Due.Varies(source, at) ? m : 0, at].TakenAt);
        }
        return last;
    }

    private long ErrorsTaken(Attempt attempt, int v, int m, int time)
    {
        var last = 0L;
        foreach (var e in Graph.Consumers(v))
        {
            if (!Graph.Edges[e].CarriesError || (!rule.RestsBehindWave && !attempt.Due.SendsError(e, time))) continue;
            // Under a rule that sweeps those that close a cycle are used one timestep late.
            if (rule.Sweeps && Graph.Edges[e].IsRecurrent && !attempt.Due.IsStill(time - 1)) continue;
            last = Math.Max(last, attempt[MessageKind.Error, e, m, time].TakenAt);
        }
        return last;
    }

    private void CheckValues(Attempt attempt, int v, int m, int time, long ready)
    {
        foreach (var e in Graph.Consumers(v))
            CheckSent(attempt, attempt[MessageKind.Value, e, m, time], v, e, ready, "a value", "its inputs");
    }

    private void CheckErrors(Attempt attempt, int v, int m, int time, long ready)
    {
        foreach (var e in Graph.Inputs(v))
        {
            if (Graph.Edges[e].CarriesError)
                CheckSent(attempt, attempt[MessageKind.Error, e, m, time], v, e, ready, "an error",
                    "the values and errors that it depends on");
        }
    }

    private void CheckSent(Attempt attempt, Transit sent, int sender, int edge, long ready, string what, string before)
    {
        if (!sent.Happened || sent.Sent > ready) return;
        Violate(
            $"{Graph.Name(sender)} sent {what} along {Graph.Describe(edge)} before it had taken {before}", attempt.Step,
            Graph.Edges[edge].Number, sent.Sent);
    }

    private void CheckReport(Attempt attempt, Transit report, int v, long ready, string what)
    {
        if (!report.Happened || report.Sent > ready) return;
        Violate($"{Graph.Name(v)} reported its {what} before it had taken what it depends on", attempt.Step,
            number: report.Sent);
    }
}

/// <summary>Nobody acts in a step before the coordinator has begun it for him: leaves and root
/// wait for its message.</summary>
internal sealed class BeginningCheck(AuditGraph graph)
    : Check("beginning",
        "no vertex acts before its step has begun: parameters and data leaves send, and the root errs, after the "
        + "coordinator's message", graph)
{
    public override void Close(Attempt attempt)
    {
        if (!attempt.HasBegun)
        {
            Violate(
                $"there are {attempt.Values} values and {attempt.Errors} errors of a step that the coordinator never "
                + "began", attempt.Step);
            return;
        }
        for (var v = 0; v < Graph.Vertices.Count; v++)
        {
            if (!Graph.IsFunction(v)) CheckValues(attempt, v);
            else if (v == Graph.Root) CheckErrors(attempt, v);
        }
    }

    private void CheckValues(Attempt attempt, int leaf)
    {
        foreach (var e in Graph.Consumers(leaf))
        {
            var copies = Graph.DependsOnData[leaf] ? attempt.MicroBatches : 1;
            for (var m = 0; m < copies; m++)
                CheckOrder(attempt, attempt.Beginning(leaf, m), attempt[MessageKind.Value, e, m], leaf, e, "a value");
        }
    }

    private void CheckErrors(Attempt attempt, int root)
    {
        foreach (var e in Graph.Inputs(root))
        {
            for (var m = 0; m < attempt.MicroBatches; m++)
                CheckOrder(attempt, attempt.Beginning(root, m), attempt[MessageKind.Error, e, m, 1], root, e,
                    "an error");
        }
    }

    private void CheckOrder(Attempt attempt, Transit begin, Transit sent, int vertex, int edge, string what)
    {
        if (!sent.Happened || sent.Sent > begin.TakenAt) return;
        Violate($"{Graph.Name(vertex)} sent {what} along {Graph.Describe(edge)} before its step had begun",
            attempt.Step, Graph.Edges[edge].Number, sent.Sent);
    }
}
