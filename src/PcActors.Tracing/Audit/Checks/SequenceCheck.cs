using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit.Checks;

/// <summary>Each mailbox tells one story: a message arrives, is taken, is done with, and then comes the next.</summary>
internal sealed class SequenceCheck(AuditGraph graph)
    : Check("sequence",
        "a message is taken after it has arrived, each mailbox hands its messages out one after the other, and no "
        + "record is missing", graph)
{
    // The last place is the coordinator's.
    private readonly long[] _lastTaken = new long[graph.Vertices.Count + 1];
    private long _numbers;
    private Int128 _sum;
    private ulong _mixes;

    public override void See(in AuditedMessage message)
    {
        var record = message.Record;
        Count(record.N);
        if (record.Taken != 0) Count(record.Taken);
        if (record.N < 1)
            Violate(message,
                $"a message to {Graph.Name(record.To)} has the sequence number {record.N}; they start at 1");
        if (record.Taken == 0) return;
        if (record.Taken <= record.N)
            Violate(message,
                $"a message to {Graph.Name(record.To)} was taken ({record.Taken}) before it arrived ({record.N})");
        if (record.ArrivedAt > record.TakenAt || record.TakenAt > record.DoneAt)
            Violate(message,
                $"a message to {Graph.Name(record.To)} arrived at {record.ArrivedAt} ns, was taken at "
                + $"{record.TakenAt} and done with at {record.DoneAt}");
        if (!Graph.IsVertex(record.To) && record.To != TraceRecord.Coordinator) return;
        ref var last = ref _lastTaken[Graph.IsVertex(record.To) ? record.To : ^1];
        if (record.Taken <= last)
            Violate(message,
                $"{Graph.Name(record.To)} took message {record.N} ({record.Taken}) no later than the one before it "
                + $"({last})");
        last = Math.Max(last, record.Taken);
    }

    /// <summary>Arrivals and takings are numbered from 1 without a gap: so say their sum and that
    /// of a hash of each, which other numbers would have by a chance of 2^-64.</summary>
    public override void End()
    {
        var mixes = 0ul;
        for (var number = 1L; number <= _numbers; number++) mixes += Mix(number);
        if (_sum == (Int128)_numbers * (_numbers + 1) / 2 && mixes == _mixes) return;
        Violate(
            $"the sequence numbers of {_numbers} arrivals and takings are not 1 to {_numbers}: records are missing, "
            + "or there are some twice");
    }

    private void Count(long number)
    {
        _numbers++;
        _sum += number;
        _mixes += Mix(number);
    }

    // The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
    private static ulong Mix(long number)
    {
        var bits = (ulong)number * 0x9E3779B97F4A7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
