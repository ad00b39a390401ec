namespace PcActors.Clustering.Placing;

/// <summary>Lessens a division's cut by moving units one by one between nodes, each at most once a pass, the one that helps most first,
/// even where it costs something; what counts is the best state on the way.</summary>
/// <remarks>Source: C. M. Fiduccia, R. M. Mattheyses, A linear-time heuristic for improving network partitions, Proc. 19th Design Automation
/// Conference, 1982, 175-181, doi 10.1109/DAC.1982.1585498; with a heap in place of buckets, as gains are bytes, and for any number of
/// parts.</remarks>
internal sealed class LocalImprovement
{
    private const int MaxPasses = 12;

    private readonly UnitGraph _units;
    private readonly UnitDivision _division;
    private readonly double _limit;
    private readonly int _nodes;

    // What passes between a unit and each node, by unit and node.
    private readonly long[] _ties;
    private readonly int[] _versions;
    private readonly bool[] _hasMoved;
    private readonly PriorityQueue<(int Unit, int Version), (long Loss, int Unit)> _moves = new();

    private LocalImprovement(UnitGraph units, UnitDivision division, double limit)
    {
        (_units, _division, _limit, _nodes) = (units, division, limit, division.Loads.Length);
        _ties = new long[units.Count * _nodes];
        _versions = new int[units.Count];
        _hasMoved = new bool[units.Count];
        for (var unit = 0; unit < units.Count; unit++)
        {
            var neighbours = units.Neighbours(unit);
            var weights = units.Weights(unit);
            for (var i = 0; i < neighbours.Length; i++) _ties[(unit * _nodes) + division.Places[neighbours[i]]] += weights[i];
        }
    }

    /// <summary>Improves a division until no pass does any more.</summary>
    /// <param name="units">The units.</param>
    /// <param name="division">Their division; it is changed. Its cut does not grow, nor does a load beyond the limit.</param>
    /// <param name="limit">The largest load of a node that a move may lead to, in parts of what it should have.</param>
    public static void Run(UnitGraph units, UnitDivision division, double limit)
    {
        var improvement = new LocalImprovement(units, division, limit);
        for (var pass = 0; pass < MaxPasses && improvement.Pass(); pass++)
        {
        }
    }

    private bool Pass()
    {
        Array.Clear(_hasMoved);
        _moves.Clear();
        for (var unit = 0; unit < _units.Count; unit++) Offer(unit);
        var done = new List<(int Unit, int From)>();
        var (start, best, kept) = (_division.Cut, _division.Cut, 0);
        var patience = 100 + (_units.Count / 20);
        while (done.Count - kept < patience && _moves.TryDequeue(out var move, out var promise))
        {
            if (_hasMoved[move.Unit] || move.Version != _versions[move.Unit] || BestMove(move.Unit) is not { } found) continue;
            if (-found.Gain != promise.Loss)
            {
                // Another node than the one that helped most, which is full by now.
                _moves.Enqueue((move.Unit, move.Version), (-found.Gain, move.Unit));
                continue;
            }
            done.Add((move.Unit, _division.Places[move.Unit]));
            _hasMoved[move.Unit] = true;
            Move(move.Unit, found.Node);
            if (_division.Cut >= best) continue;
            (best, kept) = (_division.Cut, done.Count);
        }
        for (var i = done.Count - 1; i >= kept; i--) Move(done[i].Unit, done[i].From);
        return best < start;
    }

    private void Move(int unit, int node)
    {
        var from = _division.Places[unit];
        _division.Move(unit, node, Gain(unit, node));
        var neighbours = _units.Neighbours(unit);
        var weights = _units.Weights(unit);
        for (var i = 0; i < neighbours.Length; i++)
        {
            var row = neighbours[i] * _nodes;
            _ties[row + from] -= weights[i];
            _ties[row + node] += weights[i];
            if (_hasMoved[neighbours[i]]) continue;
            _versions[neighbours[i]]++;
            Offer(neighbours[i]);
        }
    }

    private void Offer(int unit)
    {
        if (BestMove(unit) is { } move) _moves.Enqueue((unit, _versions[unit]), (-move.Gain, unit));
    }

    /// <summary>Where it helps most to move a unit, among the nodes of its neighbours that have room; the first of several.</summary>
    private (int Node, long Gain)? BestMove(int unit)
    {
        var from = _division.Places[unit];
        if (_division.Counts[from] == 1) return null;
        (int Node, long Gain)? best = null;
        for (var node = 0; node < _nodes; node++)
        {
            if (node == from || _ties[(unit * _nodes) + node] == 0 || !HasRoom(node, unit)) continue;
            var gain = Gain(unit, node);
            if (best is null || gain > best.Value.Gain) best = (node, gain);
        }
        return best;
    }

    private long Gain(int unit, int node) => _ties[(unit * _nodes) + node] - _ties[(unit * _nodes) + _division.Places[unit]];

    private bool HasRoom(int node, int unit) => _division.Relative(_division.Loads[node] + _units.Loads[unit], node) <= _limit;
}
