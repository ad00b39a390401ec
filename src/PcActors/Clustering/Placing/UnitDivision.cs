namespace PcActors.Clustering.Placing;

/// <summary>A division of units among nodes, and what it comes to.</summary>
internal sealed class UnitDivision
{
    private readonly UnitGraph _units;
    private readonly double[] _shares;

    /// <summary>A division.</summary>
    /// <param name="units">The units.</param>
    /// <param name="shares">Of each node, the part of all work that it should have; together 1.</param>
    /// <param name="places">The node of each unit.</param>
    public UnitDivision(UnitGraph units, double[] shares, int[] places)
    {
        (_units, _shares, Places) = (units, shares, places);
        Loads = new double[shares.Length];
        Counts = new int[shares.Length];
        for (var unit = 0; unit < places.Length; unit++)
        {
            Loads[places[unit]] += units.Loads[unit];
            Counts[places[unit]]++;
            var neighbours = units.Neighbours(unit);
            var weights = units.Weights(unit);
            for (var i = 0; i < neighbours.Length; i++)
            {
                if (neighbours[i] > unit && places[neighbours[i]] != places[unit]) Cut += weights[i];
            }
        }
    }

    /// <summary>The node of each unit.</summary>
    public int[] Places { get; }

    /// <summary>The work on each node.</summary>
    public double[] Loads { get; }

    /// <summary>The units on each node.</summary>
    public int[] Counts { get; }

    /// <summary>What passes between nodes, in bytes or what takes as long.</summary>
    public long Cut { get; private set; }

    /// <summary>The largest load, in parts of what its node should have: 1 when everything is balanced.</summary>
    public double Imbalance => Loads.Select((load, node) => Relative(load, node)).Max();

    /// <summary>What a load would be on a node, in parts of what it should have.</summary>
    public double Relative(double load, int node) => load / (_units.Total * _shares[node]);

    /// <summary>Moves a unit.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="node">Where it goes.</param>
    /// <param name="gain">By how much that lessens the cut.</param>
    public void Move(int unit, int node, long gain)
    {
        var load = _units.Loads[unit];
        Loads[Places[unit]] -= load;
        Counts[Places[unit]]--;
        Loads[node] += load;
        Counts[node]++;
        Places[unit] = node;
        Cut -= gain;
    }
}
