using PcActors.Learning.Protocol;

namespace PcActors.Tracing.Audit.Checks;

/// <summary>Every message is of a timestep and a micro-batch at which it can act. Along Z-IL's
/// wave: values at 0, an error at its receiver's level.</summary>
internal sealed class TimeCheck(AuditGraph graph, AuditRule rule, int microBatches) : Check(
    "times",
    "every message is of its timestep and micro-batch: along Z-IL's wave an error acts at the time that is its "
    + "receiver's level, or comes to an identity that delays it as many earlier", graph)
{
    public override void See(in AuditedMessage message)
    {
        if (message.Kind is not { IsOfAttempt: true } kind || (kind.HasEdge && message.Edge < 0)) return;
        var time = message.Record.Time;
        if (kind == MessageKind.Value)
        {
            var source = Graph.Edges[message.Edge].From;
            var moves = Graph.Moves[source] || (rule.LearnsEveryTimestep && Graph.PassesToLearning[source]);
            CheckTime(message, 0, !rule.RestsBehindWave && moves ? TimestepsOf(message) - 1 : 0);
            CheckMicroBatch(message, isForAll: !Graph.DependsOnData[source]
                && !(Graph.Moves[source] && (time > 0 || message.Record.Infers)));
            return;
        }
        if (kind == MessageKind.Error)
        {
            var wave = Graph.ErrorTime(message.Edge);
            CheckTime(message, rule.RestsBehindWave ? wave : 1, rule.RestsBehindWave ? wave : TimestepsOf(message));
        }
        else if (kind == MessageKind.UpdateReport)
        {
            var level = Graph.IsVertex(message.Vertex) ? Graph.Levels[message.Vertex] : 0;
            CheckTime(message, rule.LearnsAtLevel ? level : 1, rule.LearnsAtLevel ? level : rule.Timesteps);
        }
        else if (kind.HasTime && Graph.IsVertex(message.Vertex))
        {
            CheckTimestep(message, message.Vertex);
        }
        if (kind.HasMicroBatch) CheckMicroBatch(message, isForAll: false);
    }

    private int TimestepsOf(in AuditedMessage message) =>
        message.Record.Infers ? rule.SettlingTimesteps : rule.Timesteps;

    private void CheckTimestep(in AuditedMessage message, int vertex)
    {
        if (!rule.IsLockstep)
            Violate(message,
                $"there is a {message.Record.Kind} of {Graph.Name(vertex)}; under the wavefront clock nobody counts "
                + "timesteps");
        else CheckTime(message, rule.RestsBehindWave ? Graph.Levels[vertex] : 0,
            rule.RestsBehindWave ? Graph.Levels[vertex] : TimestepsOf(message) - 1);
    }

    private void CheckTime(in AuditedMessage message, int first, int last)
    {
        var record = message.Record;
        if (record.Time >= first && record.Time <= last) return;
        var wanted = first == last ? $"{first}" : $"{first} to {last}";
        Violate(message,
            $"{Graph.Name(record.To)} was sent a message ({record.Kind}) of time {record.Time}; its time is {wanted}");
    }

    private void CheckMicroBatch(in AuditedMessage message, bool isForAll)
    {
        var micro = message.Record.MicroBatch;
        if (isForAll ? micro == -1 : micro >= 0 && micro < microBatches) return;
        var wanted = isForAll ? "it is the same in all, which is written -1" : $"there are {microBatches}, from 0";
        Violate(message,
            $"{Graph.Name(message.Record.To)} was sent a message ({message.Record.Kind}) of micro-batch "
            + $"{micro?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}; {wanted}");
    }
}
