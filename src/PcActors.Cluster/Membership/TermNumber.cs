using System.Globalization;

namespace PcActors.Cluster.Membership;

/// <summary>The number of a term: a run between two placements of its graph. Bits above the shift count a
/// run's coordinators, those below the placings of one. So terms of different coordinators of one run are never the
/// same, and later ones are higher.</summary>
internal static class TermNumber
{
    private const int Shift = 16;

    /// <summary>The number of a coordinator's placing.</summary>
    public static int Of(int incarnation, int placing) => (incarnation << Shift) + placing;

    /// <summary>Which coordinator a term is of.</summary>
    public static int IncarnationOf(int term) => term >> Shift;

    /// <summary>A term as people read it.</summary>
    public static string Show(int term) =>
        string.Create(CultureInfo.InvariantCulture, $"{IncarnationOf(term)}.{term & ((1 << Shift) - 1)}");
}
