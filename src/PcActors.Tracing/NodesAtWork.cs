using PcActors.Tracing.Format;

namespace PcActors.Tracing;

/// <summary>How many nodes were at work at the same time, as a trace's clocks say. A node is at work
/// while one of its vertices handles a message of a step.</summary>
/// <remarks>Times are compared across nodes, so this is as true as their machines' clocks agree. It is
/// no part of the audit.</remarks>
/// <param name="Nodes">Nodes that were at work at all.</param>
/// <param name="Most">Nodes at work at one time, at most.</param>
/// <param name="Average">Nodes at work, averaged over the time from the first message to the last.</param>
/// <param name="Several">The share of that time, 0 to 1, in which two nodes or more were at work.</param>
internal sealed record NodesAtWork(int Nodes, int Most, double Average, double Several)
{
    /// <summary>Reads a trace's records, in any order.</summary>
    /// <param name="records">Takes 24 bytes of memory for the beginning and for the end of each message.</param>
    public static NodesAtWork Of(IEnumerable<TraceRecord> records)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var turns = new List<(long Time, int Node, int Change)>();
        foreach (var record in records)
        {
            if (record.To < 0 || record.Taken == 0 || !record.IsOfStep) continue;
            if (!numbers.TryGetValue(record.Node, out var node)) numbers.Add(record.Node, node = numbers.Count);
            turns.Add((record.TakenAt, node, 1));
            turns.Add((record.DoneAt, node, -1));
        }
        if (turns.Count == 0) return new NodesAtWork(0, 0, 0, 0);
        // What ends at a time has ended before what begins then.
        turns.Sort((a, b) => (a.Time, a.Change).CompareTo((b.Time, b.Change)));
        var messages = new int[numbers.Count];
        var (working, most, sum, several) = (0, 0, 0.0, 0.0);
        var last = turns[0].Time;
        foreach (var (time, node, change) in turns)
        {
            sum += (double)(time - last) * working;
            if (working > 1) several += time - last;
            last = time;
            var before = messages[node];
            messages[node] += change;
            working += Math.Sign(Math.Max(messages[node], 0)) - Math.Sign(Math.Max(before, 0));
            most = Math.Max(most, working);
        }
        var span = Math.Max(1.0, last - turns[0].Time);
        return new NodesAtWork(numbers.Count, most, sum / span, several / span);
    }
}
