namespace PcActors.Cluster.Placing;

/// <summary>Lessens a division's objective by moving units one by one between nodes, each at most once a pass,
/// the one that helps most first, even where it costs something; what counts is the best state on the way.</summary>
/// <remarks>Source: C. M. Fiduccia, R. M. Mattheyses, A linear-time heuristic for improving network
/// partitions, Proc. 19th Design Automation Conference, 1982, 175-181, doi 10.1109/DAC.1982.1585498; with a heap in
/// place of buckets, as gains are real numbers, which are worked out again when their turn comes, and for
/// any number of parts.</remarks>
internal sealed class LocalImprovement
{
    private const int MaxPasses = 12;

    // An improvement that is less than this part is rounding.
    private const double Least = 1e-9;

    private readonly UnitGraph _units;
    private readonly UnitDivision _division;
    private readonly double _limit;
    private readonly int _nodes;

    // What passes between a unit and each node, by unit and node.
    private readonly long[] _ties;
    private readonly int[] _versions;
    private readonly bool[] _hasMoved;
    // Offers by the node that a unit would leave.
    private readonly PriorityQueue<(int Unit, int Version), (double Loss, int Unit)>[] _offers;

    private double _crowding;

    // A node beyond the limit; -1 when there is none. There is never more than one.
    private int _overfull = -1;

    private LocalImprovement(UnitGraph units, UnitDivision division, double limit)
    {
        (_units, _division, _limit, _nodes) = (units, division, limit, division.Loads.Length);
        _ties = new long[units.Count * _nodes];
        _versions = new int[units.Count];
        _hasMoved = new bool[units.Count];
        _offers = [.. division.Loads.Select(_ => new PriorityQueue<(int, int), (double, int)>())];
        for (var unit = 0; unit < units.Count; unit++)
        {
            var neighbours = units.Neighbours(unit);
            var weights = units.Weights(unit);
            for (var i = 0; i < neighbours.Length; i++)
                _ties[(unit * _nodes) + division.Places[neighbours[i]]] += weights[i];
        }
    }

    /// <summary>Improves a division until no pass does any more.</summary>
    /// <param name="units">The units.</param>
    /// <param name="division">Their division; it is changed. Its objective does not grow, nor does a
    /// load beyond the limit.</param>
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
        _crowding = _division.Crowding;
        foreach (var offers in _offers) offers.Clear();
        for (var unit = 0; unit < _units.Count; unit++) Offer(unit);
        var done = new List<(int Unit, int From)>();
        var start = _division.Objective;
        var (best, kept) = (start, 0);
        var patience = 100 + (_units.Count / 20);
        while (done.Count - kept < patience && Next() is { } move)
        {
            done.Add((move.Unit, _division.Places[move.Unit]));
            _hasMoved[move.Unit] = true;
            Move(move.Unit, move.Node);
            if (_overfull >= 0 || _division.Objective is var objective && objective >= best * (1 - Least)) continue;
            (best, kept) = (objective, done.Count);
        }
        for (var i = done.Count - 1; i >= kept; i--) Move(done[i].Unit, done[i].From);
        return best < start;
    }

    /// <summary>The move that helps most: away from a node that is beyond the limit, where there is one.</summary>
    private (int Unit, int Node)? Next()
    {
        while (true)
        {
            var (from, lowest) = (-1, (Loss: double.PositiveInfinity, Unit: int.MaxValue));
            for (var node = 0; node < _nodes; node++)
            {
                if ((_overfull >= 0 && node != _overfull) || !_offers[node].TryPeek(out _, out var offer)) continue;
                if (offer.CompareTo(lowest) < 0) (from, lowest) = (node, offer);
            }
            if (from < 0) return null;
            _offers[from].TryDequeue(out var move, out var promise);
            if (_hasMoved[move.Unit] || move.Version != _versions[move.Unit]
                || BestMove(move.Unit, hasRoom: true) is not { } found) continue;
            if (-found.Gain <= promise.Loss) return (move.Unit, found.Node);
            // Loads have changed since it was offered, or the node that helped most is full by now.
            _offers[from].Enqueue(move, (-found.Gain, move.Unit));
        }
    }

    private int FindOverfull()
    {
        for (var node = 0; node < _nodes; node++)
        {
            if (_division.Relative(_division.Loads[node], node) > _limit) return node;
        }
        return -1;
    }

    private void Move(int unit, int node)
    {
        var from = _division.Places[unit];
        _division.Move(unit, node, TieGain(unit, node));
        _overfull = FindOverfull();
        _crowding = _division.Crowding;
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
        if (BestMove(unit, hasRoom: false) is { } move)
            _offers[_division.Places[unit]].Enqueue((unit, _versions[unit]), (-move.Gain, unit));
    }

    /// <summary>Where it helps most to move a unit, among the nodes of its neighbours; the first of several.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="hasRoom">Whether the node must have room for it now.</param>
    private (int Node, double Gain)? BestMove(int unit, bool hasRoom)
    {
        var from = _division.Places[unit];
        if (_division.Counts[from] == 1) return null;
        (int Node, double Gain)? best = null;
        for (var node = 0; node < _nodes; node++)
        {
            if (node == from || _ties[(unit * _nodes) + node] == 0 || (hasRoom && !HasRoom(node, unit))) continue;
            var gain = _division.GainOf(unit, node, TieGain(unit, node), _crowding);
            if (best is null || gain > best.Value.Gain) best = (node, gain);
        }
        return best;
    }

    private long TieGain(int unit, int node) =>
        _ties[(unit * _nodes) + node] - _ties[(unit * _nodes) + _division.Places[unit]];

    // One node at a time may go beyond the limit, and then gives something away: two moves make an exchange.
    private bool HasRoom(int node, int unit) =>
        _division.Relative(_division.Loads[node] + _units.Loads[unit], node) <= _limit || _overfull < 0;
}
