namespace PcActors.Cluster.Placing;

/// <summary>Cuts a sequence of units into as many contiguous parts as there are nodes, so that the
/// largest load, in parts of what its node should have, is as small as it can be.</summary>
internal static class ContiguousDivision
{
    // Halvings of an interval of loads: far below any difference between them.
    private const int Halvings = 60;

    /// <summary>The node of each unit of a sequence.</summary>
    /// <param name="units">The units.</param>
    /// <param name="order">The sequence, of at least as many units as there are nodes.</param>
    /// <param name="shares">Of each node, the part of all work that it should have.</param>
    public static int[] Of(UnitGraph units, int[] order, double[] shares)
    {
        var places = new int[units.Count];
        var (low, high) = (0.0, 1 / shares.Min());
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            if (Fill(units, order, shares, middle, places)) high = middle;
            else low = middle;
        }
        // A bound that holds whatever rounding does.
        if (!Fill(units, order, shares, high, places)) Fill(units, order, shares, double.PositiveInfinity, places);
        return places;
    }

    /// <summary>Fills node after node up to a bound, and leaves one unit at least for each that follows.</summary>
    private static bool Fill(UnitGraph units, int[] order, double[] shares, double bound, int[] places)
    {
        var next = 0;
        for (var node = 0; node < shares.Length; node++)
        {
            var room = bound * units.Total * shares[node];
            var end = order.Length - (shares.Length - 1 - node);
            var first = next;
            var load = 0.0;
            while (next < end && load + units.Loads[order[next]] <= room)
            {
                load += units.Loads[order[next]];
                places[order[next++]] = node;
            }
            if (next == first) return false;
        }
        return next == order.Length;
    }
}
