namespace PcActors.Tracing.Audit.Checks;

/// <summary>Each mailbox tells one story: a message arrives, is taken, is done with, and then comes the next.</summary>
internal sealed class SequenceCheck(AuditGraph graph)
    : Check("sequence", "a message is taken after it has arrived, and each mailbox hands its messages out one after the other", graph)
{
    // The last place is the coordinator's.
    private readonly long[] _lastTaken = new long[graph.Vertices.Count + 1];

    public override void See(in Passing passing)
    {
        var record = passing.Record;
        if (record.N < 1) Violate(passing, $"a message to {Graph.Name(record.To)} has the sequence number {record.N}; they start at 1");
        if (record.Taken == 0) return;
        if (record.Taken <= record.N)
            Violate(passing, $"a message to {Graph.Name(record.To)} was taken ({record.Taken}) before it arrived ({record.N})");
        if (record.ArrivedAt > record.TakenAt || record.TakenAt > record.DoneAt)
            Violate(passing, $"a message to {Graph.Name(record.To)} arrived at {record.ArrivedAt} ns, was taken at {record.TakenAt} and done with at {record.DoneAt}");
        if (!Graph.IsVertex(record.To) && record.To != TraceRecord.Coordinator) return;
        ref var last = ref _lastTaken[Graph.IsVertex(record.To) ? record.To : ^1];
        if (record.Taken <= last)
            Violate(passing, $"{Graph.Name(record.To)} took message {record.N} ({record.Taken}) no later than the one before it ({last})");
        last = Math.Max(last, record.Taken);
    }
}
