using PcActors.Tensors;

namespace PcActors.Cluster.Placing;

/// <summary>Changes a division at random and keeps what makes it better: small graphs get out of local
/// optima thereby. The same graph sees the same random numbers.</summary>
/// <param name="units">The units.</param>
/// <param name="limit">The largest load of a node, in parts of what it should have.</param>
/// <param name="objective">What is to be as small as it can be.</param>
internal sealed class Perturbation(UnitGraph units, double limit, Func<UnitDivision, double> objective)
{
    // So many units are looked at in all, and divisions at most.
    private const int Work = 50_000;
    private const int MaxRounds = 20;
    private const int MaxProposals = 2_000;

    private readonly SeededRandom _random = new(0, "placement");

    /// <summary>The best division that is found, and its objective.</summary>
    public (UnitDivision Division, double Objective) Run(UnitDivision division)
    {
        var least = objective(division);
        if (division.Loads.Length == 1) return (division, least);
        for (var rounds = Math.Min(Work / 4 / units.Count, MaxRounds); rounds > 0; rounds--)
        {
            var other = division.Clone();
            for (var moves = 2 + (units.Count / 16); moves > 0; moves--) Propose(other);
            LocalImprovement.Run(units, other, limit);
            if (objective(other) is var found && found < least) (division, least) = (other, found);
        }
        for (var proposals = Math.Min(Work / units.Count, MaxProposals); proposals > 0; proposals--)
        {
            var other = division.Clone();
            if (Propose(other) && objective(other) is var found && found <= least) (division, least) = (other, found);
        }
        return (division, least);
    }

    /// <summary>Moves a unit to another node, or exchanges two, unless there is no room; false when
    /// nothing has changed.</summary>
    private bool Propose(UnitDivision division)
    {
        var unit = _random.NextInt(units.Count);
        var from = division.Places[unit];
        if (_random.NextInt(2) == 0)
        {
            var node = _random.NextInt(division.Loads.Length);
            if (node == from || division.Counts[from] == 1
                || division.Relative(division.Loads[node] + units.Loads[unit], node) > limit) return false;
            Move(division, unit, node);
            return true;
        }
        var other = _random.NextInt(units.Count);
        var to = division.Places[other];
        var more = units.Loads[unit] - units.Loads[other];
        if (to == from || division.Relative(division.Loads[to] + more, to) > limit
            || division.Relative(division.Loads[from] - more, from) > limit) return false;
        Move(division, unit, to);
        Move(division, other, from);
        return true;
    }

    private void Move(UnitDivision division, int unit, int node)
    {
        var gain = 0L;
        var neighbours = units.Neighbours(unit);
        var weights = units.Weights(unit);
        for (var i = 0; i < neighbours.Length; i++)
        {
            if (division.Places[neighbours[i]] == node) gain += weights[i];
            else if (division.Places[neighbours[i]] == division.Places[unit]) gain -= weights[i];
        }
        division.Move(unit, node, gain);
    }
}
