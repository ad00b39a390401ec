namespace PcActors.Cluster.Placing;

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

    /// <summary>A copy.</summary>
    public UnitDivision Clone() => new(_units, _shares, [.. Places]);

    /// <summary>The node of each vertex, by id.</summary>
    public int[] PlacesOfVertices() => Array.ConvertAll(_units.UnitOf, u => Places[u]);

    /// <summary>The node of each unit.</summary>
    public int[] Places { get; }

    /// <summary>The work on each node.</summary>
    public double[] Loads { get; }

    /// <summary>The units on each node.</summary>
    public int[] Counts { get; }

    /// <summary>What passes between nodes, in bytes or what takes as long.</summary>
    public long Cut { get; private set; }

    /// <summary>The load of the node of an average operation, in parts of what its node should have: 1 when
    /// everything is balanced, and the number of nodes when one of them, of equal ones, has everything.</summary>
    public double Crowding
    {
        get
        {
            var sum = 0.0;
            for (var node = 0; node < Loads.Length; node++)
                sum += Loads[node] / _units.Total * Relative(Loads[node], node);
            return sum;
        }
    }

    /// <summary>What moves of single units are to lessen: the cut, times the square of the crowding.</summary>
    public double Objective => ObjectiveOf(Cut, Crowding);

    /// <summary>The cut, times the square of how much longer a step takes than it would if all nodes worked
    /// all the time: so twice as much may pass between nodes where that makes a step 1.4 times as fast.</summary>
    /// <param name="cut">The cut.</param>
    /// <param name="stretch">How much longer, or an estimate of that. What is below <see cref="Placement.Tolerance"/>
    /// is as good as that.</param>
    public static double ObjectiveOf(double cut, double stretch) =>
        cut * Math.Max(stretch, Placement.Tolerance) * Math.Max(stretch, Placement.Tolerance);

    /// <summary>By how much the objective would fall.</summary>
    /// <param name="unit">A unit.</param>
    /// <param name="node">Where it would go.</param>
    /// <param name="gain">By how much the cut would fall.</param>
    /// <param name="crowding">The crowding now.</param>
    public double GainOf(int unit, int node, long gain, double crowding)
    {
        var (load, from) = (_units.Loads[unit] / _units.Total, Places[unit]);
        var (before, after) = (Loads[from] / _units.Total, Loads[node] / _units.Total);
        var more = (load * (load + (2 * after)) / _shares[node]) - (load * ((2 * before) - load) / _shares[from]);
        return ObjectiveOf(Cut, crowding) - ObjectiveOf(Cut - gain, crowding + more);
    }

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
