namespace PcActors.Tracing.Audit.Checks;

/// <summary>Every message is of a timestep and a micro-batch at which it can act. Along Z-IL's wave: values at 0, an error at
/// its receiver's level.</summary>
internal sealed class TimeCheck(AuditGraph graph, AuditRule rule, int microBatches) : Check(
    "times", "every message is of its timestep and micro-batch: along Z-IL's wave an error acts at the time that is its receiver's level", graph)
{
    public override void See(in AuditedMessage message)
    {
        var record = message.Record;
        switch (message.Kind)
        {
            case MessageKind.Value when message.Edge >= 0:
                var source = Graph.Edges[message.Edge].From;
                var moves = !rule.RestsBehindWave && Graph.Moves(source);
                CheckTime(message, 0, moves ? rule.Timesteps - 1 : 0);
                CheckMicroBatch(message, isForAll: record.Time == 0 && !Graph.DependsOnData[source]);
                break;
            case MessageKind.Error when message.Edge >= 0:
                var level = Graph.Levels[Graph.Edges[message.Edge].From];
                CheckTime(message, rule.RestsBehindWave ? level : 1, rule.RestsBehindWave ? level : rule.Timesteps);
                CheckMicroBatch(message, isForAll: false);
                break;
            case MessageKind.Advance when Graph.IsVertex(record.To):
                CheckTimestep(message, record.To);
                break;
            case MessageKind.AdvanceReport when Graph.IsVertex(record.From):
                CheckTimestep(message, record.From);
                break;
            case MessageKind.ClampData or MessageKind.ClampTarget or MessageKind.RequestPrediction or MessageKind.LossReport or MessageKind.ForwardReport
                or MessageKind.PredictionReport:
                CheckMicroBatch(message, isForAll: false);
                break;
        }
    }

    private void CheckTimestep(in AuditedMessage message, int vertex)
    {
        if (!rule.IsLockstep) Violate(message, $"there is a {message.Record.Kind} of {Graph.Name(vertex)}; under the wavefront clock nobody counts timesteps");
        else CheckTime(message, rule.RestsBehindWave ? Graph.Levels[vertex] : 0, rule.RestsBehindWave ? Graph.Levels[vertex] : rule.Timesteps - 1);
    }

    private void CheckTime(in AuditedMessage message, int first, int last)
    {
        var record = message.Record;
        if (record.Time >= first && record.Time <= last) return;
        var wanted = first == last ? $"{first}" : $"{first} to {last}";
        Violate(message, $"{Graph.Name(record.To)} was sent a message ({record.Kind}) of time {record.Time}; its time is {wanted}");
    }

    private void CheckMicroBatch(in AuditedMessage message, bool isForAll)
    {
        var micro = message.Record.MicroBatch;
        if (isForAll ? micro == -1 : micro >= 0 && micro < microBatches) return;
        var wanted = isForAll ? "it is the same in all, which is written -1" : $"there are {microBatches}, from 0";
        Violate(message, $"{Graph.Name(message.Record.To)} was sent a message ({message.Record.Kind}) of micro-batch {micro?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}; {wanted}");
    }
}
