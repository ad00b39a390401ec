namespace PcActors.Tracing.Audit.Checks;

/// <summary>In each step as many messages pass between vertices as the closed form says.</summary>
internal sealed class TotalCheck(AuditGraph graph, AuditRule rule, int microBatches)
    : Check("totals", "each step has as many values and errors as the closed form says, which is linear in the graph", graph)
{
    private readonly Learning.Instruments.MessageForecast _forecast = TraceForecast.Of(graph, rule, microBatches);

    public override void Close(Attempt attempt)
    {
        if (!attempt.IsWhole || !(attempt.IsTraining || attempt.IsPrediction)) return;
        var (values, errors) = attempt.IsTraining ? (_forecast.ValuesPerStep, _forecast.ErrorsPerStep) : (_forecast.ValuesPerPrediction, 0);
        if (attempt.Values == values && attempt.Errors == errors) return;
        Violate($"there are {attempt.Values} values and {attempt.Errors} errors; the closed form says {values} and {errors}", attempt.Step);
    }
}
