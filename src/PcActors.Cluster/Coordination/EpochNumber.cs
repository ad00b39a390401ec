namespace PcActors.Cluster.Coordination;

/// <summary>The number of an epoch: bits above the shift count a run's coordinators, those below the placings of one. So epochs of
/// different coordinators of one run are never the same, and later ones are higher.</summary>
internal static class EpochNumber
{
    /// <summary>Where the coordinators' bits begin.</summary>
    public const int Shift = 16;

    /// <summary>The number of a coordinator's placing.</summary>
    public static int Of(int incarnation, int placing) => (incarnation << Shift) + placing;
}
