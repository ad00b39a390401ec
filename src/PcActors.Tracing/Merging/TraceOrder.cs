namespace PcActors.Tracing.Merging;

/// <summary>Finds one order of the events of several nodes, each of which has numbered its own: the
/// order of every node is kept, and what came of a message comes after its sending.</summary>
/// <remarks>Every message between nodes has the number that its sender's node gave it at the moment of
/// sending. So whatever the audit compares (what a vertex has taken, and what it has sent) was numbered by one node's
/// counter, and stands in the merged order as it happened. Between events of different nodes that no chain of messages
/// connects, any order is as true as another. Takes 8 bytes an event.</remarks>
internal sealed class TraceOrder
{
    private const int NodeBits = 12;

    // By node: of each number, what it depends on, plus 1; 0 for a number that nobody has.
    private readonly List<List<long>> _events = [];
    private readonly List<Dictionary<long, List<long>>> _further = [];
    private readonly IReadOnlyList<string> _names;

    /// <param name="names">The nodes, for complaints.</param>
    public TraceOrder(IReadOnlyList<string> names)
    {
        _names = names;
        for (var node = 0; node < names.Count; node++)
        {
            _events.Add([]);
            _further.Add([]);
        }
    }

    /// <summary>An event of a node.</summary>
    /// <exception cref="TraceException">There is one of that number.</exception>
    public void Add(int node, long number) => Insert(node, number, 1);

    /// <summary>An event of a node that came after one of another node.</summary>
    /// <exception cref="TraceException">There is one of that number, or there is no such node.</exception>
    public void Add(int node, long number, int afterNode, long afterNumber) =>
        Insert(node, number, Encode(node, afterNode, afterNumber) + 1);

    /// <summary>All events of a node with higher numbers came after an event of another node.</summary>
    /// <exception cref="TraceException">There is no such node.</exception>
    public void AddOrder(int node, long number, int afterNode, long afterNumber)
    {
        if (!_further[node].TryGetValue(number + 1, out var list)) _further[node][number + 1] = list = [];
        list.Add(Encode(node, afterNode, afterNumber));
    }

    /// <summary>Numbers all events anew, from 1.</summary>
    /// <exception cref="TraceException">Numbers are missing, or what nodes say of each other is impossible.</exception>
    public void Solve()
    {
        for (var node = 0; node < _events.Count; node++)
        {
            var missing = _events[node].IndexOf(0);
            if (missing >= 0) throw Impossible(node, $"its numbers have a gap at {missing + 1}");
        }
        var next = new int[_events.Count];
        var total = 0L;
        for (var advanced = true; advanced;)
        {
            advanced = false;
            for (var node = 0; node < next.Length; node++)
            {
                for (; next[node] < _events[node].Count && IsFree(node, next); next[node]++)
                {
                    _events[node][next[node]] = ++total;
                    advanced = true;
                }
            }
        }
        for (var node = 0; node < next.Length; node++)
        {
            if (next[node] < _events[node].Count)
                throw Impossible(node, $"number {next[node] + 1} came after what was never sent");
        }
    }

    /// <summary>The new number of an event; 0 when there is none.</summary>
    public long Of(int node, long number) =>
        number >= 1 && number <= _events[node].Count ? _events[node][(int)(number - 1)] : 0;

    private bool IsFree(int node, int[] next)
    {
        var needed = _events[node][next[node]] - 1;
        if (needed != 0 && !HasPassed(needed, next)) return false;
        return !_further[node].TryGetValue(next[node] + 1, out var further)
            || further.TrueForAll(f => HasPassed(f, next));
    }

    private static bool HasPassed(long needed, int[] next) =>
        next[needed & ((1 << NodeBits) - 1)] >= needed >> NodeBits;

    private long Encode(int node, int afterNode, long afterNumber)
    {
        if ((uint)afterNode >= (uint)_events.Count || afterNumber < 1 || afterNumber > int.MaxValue)
            throw Impossible(node, $"it has a message with the number {afterNumber} of node {afterNode}");
        return (afterNumber << NodeBits) | (uint)afterNode;
    }

    private void Insert(int node, long number, long entry)
    {
        var events = _events[node];
        // What is far beyond all others is damage, not a number.
        if (number < 1 || number > events.Count + (1L << 26)) throw Impossible(node, $"there is a number {number}");
        while (events.Count < number) events.Add(0);
        if (events[(int)(number - 1)] != 0) throw Impossible(node, $"the number {number} is there twice");
        events[(int)(number - 1)] = entry;
    }

    private TraceException Impossible(int node, string what) =>
        new($"the part of {_names[node]}", what, "records are missing, or the parts are of different runs");
}
