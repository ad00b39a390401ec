using PcActors.Learning.Protocol;

namespace PcActors.Tracing.Audit.Checks;

/// <summary>Each edge carries one value, and back one error, for each micro-batch of a step (one
/// value a step when it does not depend on data).</summary>
internal sealed class OnceCheck(AuditGraph graph, AuditRule rule) : Check(
    "once",
    "in a step each edge carries one value and, where it carries errors, one error, for each micro-batch (and "
    + "timestep, under the full dynamics)", graph)
{
    public override void See(in AuditedMessage message)
    {
        var record = message.Record;
        if (message.Status == MessageStatus.Duplicate)
            Violate(message,
                $"{Graph.Name(record.To)} was sent the same message ({record.Kind}) twice, from "
                + $"{Graph.Name(record.From, record.Sender)}, micro-batch {record.MicroBatch}, time {record.Time}");
        else if (message.Status == MessageStatus.OutOfTurn)
            Violate(message,
                $"{Graph.Name(record.To)} was sent a message ({record.Kind}) of a step that is over, or never was");
    }

    public override void Close(Attempt attempt)
    {
        if (!attempt.IsWhole || !(attempt.IsTraining || attempt.IsPrediction || attempt.IsInference)) return;
        for (var e = 0; e < Graph.Edges.Count; e++)
        {
            var from = Graph.Edges[e].From;
            var copies = attempt.Due.Varies(from, 0) ? attempt.MicroBatches : 1;
            for (var m = 0; m < copies; m++) Require(attempt[MessageKind.Value, e, m], "value", e, m, 0, attempt.Step);
            for (var m = 0; m < attempt.MicroBatches; m++)
            {
                if (attempt.IsPrediction) CheckPrediction(attempt, e, m);
                else if (rule.RestsBehindWave) CheckWave(attempt, e, m);
                else CheckDynamics(attempt, e, m);
            }
        }
    }

    private void CheckPrediction(Attempt attempt, int e, int m)
    {
        if (attempt[MessageKind.Error, e, m, 1].Happened)
            Violate($"an error ran along {Graph.Describe(e)} in a prediction", attempt.Step, Graph.Edges[e].Number);
    }

    private void CheckWave(Attempt attempt, int e, int m)
    {
        var edge = Graph.Edges[e];
        if (edge.CarriesError)
            Require(attempt[MessageKind.Error, e, m, 1], "error", e, m, Graph.ErrorTime(e), attempt.Step);
    }

    // Under the full dynamics: what is due at each timestep, and nothing else.
    private void CheckDynamics(Attempt attempt, int e, int m)
    {
        var (edge, due) = (Graph.Edges[e], attempt.Due);
        for (var time = 1; time <= due.Timesteps; time++)
        {
            Check(attempt[MessageKind.Error, e, m, time], due.SendsError(e, time), "error", e, m, time, attempt.Step);
            if (m == 0 || due.Varies(edge.From, time))
                Check(attempt[MessageKind.Value, e, m, time], due.SendsValue(edge.From, time), "value", e, m, time,
                    attempt.Step);
        }
    }

    private void Check(Transit transit, bool isDue, string what, int edge, int microBatch, int time, StepId step)
    {
        if (isDue) Require(transit, what, edge, microBatch, time, step);
        else if (transit.Happened)
            Violate($"the {what} of micro-batch {microBatch} and time {time} along {Graph.Describe(edge)} is one that "
                + "nobody needs", step, Graph.Edges[edge].Number, transit.Sent);
    }

    private void Require(Transit transit, string what, int edge, int microBatch, int time, StepId step)
    {
        if (transit.Happened) return;
        Violate($"no {what} of micro-batch {microBatch} and time {time} ran along {Graph.Describe(edge)}", step,
            Graph.Edges[edge].Number);
    }
}

/// <summary>In each step as many messages pass between vertices as the closed form says.</summary>
internal sealed class TotalCheck(AuditGraph graph, AuditRule rule)
    : Check("totals", "each step has as many values and errors as the closed form says, which is linear in the graph",
        graph)
{
    public override void Close(Attempt attempt)
    {
        if (!attempt.IsWhole || !(attempt.IsTraining || attempt.IsPrediction || attempt.IsInference)) return;
        var (values, errors) = attempt.IsPrediction || rule.RestsBehindWave
            ? DueMessages.AtRest(Graph, attempt.MicroBatches)
            : attempt.Due.Count();
        if (attempt.IsPrediction) errors = 0;
        if (attempt.Values == values && attempt.Errors == errors) return;
        Violate(
            $"there are {attempt.Values} values and {attempt.Errors} errors; the closed form says {values} and "
            + $"{errors}", attempt.Step);
    }
}
