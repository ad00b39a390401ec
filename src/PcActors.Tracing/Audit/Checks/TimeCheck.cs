namespace PcActors.Tracing.Audit.Checks;

/// <summary>Every message is of a timestep and a micro-batch at which it can act. Along Z-IL's wave: values at 0, an error at
/// its receiver's level.</summary>
internal sealed class TimeCheck(AuditGraph graph, AuditRule rule, int microBatches) : Check(
    "times", "every message is of its timestep and micro-batch: along Z-IL's wave an error acts at the time that is its receiver's level", graph)
{
    public override void See(in Passing passing)
    {
        var record = passing.Record;
        switch (passing.Traffic)
        {
            case Traffic.Value when passing.Edge >= 0:
                var source = Graph.Edges[passing.Edge].From;
                var moves = !rule.RestsBehindWave && Graph.Moves(source);
                CheckTime(passing, 0, moves ? rule.Timesteps - 1 : 0);
                CheckMicroBatch(passing, isForAll: record.Time == 0 && !Graph.DependsOnData[source]);
                break;
            case Traffic.Error when passing.Edge >= 0:
                var level = Graph.Levels[Graph.Edges[passing.Edge].From];
                CheckTime(passing, rule.RestsBehindWave ? level : 1, rule.RestsBehindWave ? level : rule.Timesteps);
                CheckMicroBatch(passing, isForAll: false);
                break;
            case Traffic.Advance when Graph.IsVertex(record.To):
                CheckTimestep(passing, record.To);
                break;
            case Traffic.AdvanceReport when Graph.IsVertex(record.From):
                CheckTimestep(passing, record.From);
                break;
            case Traffic.ClampData or Traffic.ClampTarget or Traffic.RequestPrediction or Traffic.LossReport or Traffic.ForwardReport
                or Traffic.PredictionReport:
                CheckMicroBatch(passing, isForAll: false);
                break;
        }
    }

    private void CheckTimestep(in Passing passing, int vertex)
    {
        if (!rule.IsLockstep) Violate(passing, $"there is a {passing.Record.Kind} of {Graph.Name(vertex)}; under the wavefront clock nobody counts timesteps");
        else CheckTime(passing, rule.RestsBehindWave ? Graph.Levels[vertex] : 0, rule.RestsBehindWave ? Graph.Levels[vertex] : rule.Timesteps - 1);
    }

    private void CheckTime(in Passing passing, int first, int last)
    {
        var record = passing.Record;
        if (record.Time >= first && record.Time <= last) return;
        var wanted = first == last ? $"{first}" : $"{first} to {last}";
        Violate(passing, $"{Graph.Name(record.To)} was sent a message ({record.Kind}) of time {record.Time}; its time is {wanted}");
    }

    private void CheckMicroBatch(in Passing passing, bool isForAll)
    {
        var micro = passing.Record.MicroBatch;
        if (isForAll ? micro == -1 : micro >= 0 && micro < microBatches) return;
        var wanted = isForAll ? "it is the same in all, which is written -1" : $"there are {microBatches}, from 0";
        Violate(passing, $"{Graph.Name(passing.Record.To)} was sent a message ({passing.Record.Kind}) of micro-batch {micro?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}; {wanted}");
    }
}
