namespace PcActors.Onnx.Files;

/// <summary>What a model file may make of itself: a file of a few bytes can name constants, trips and calls without
/// end.</summary>
/// <param name="Nodes">Nodes and calls, once functions are inlined and loops unrolled; and as many vertices.</param>
/// <param name="Trips">Trips of one loop, and steps of one recurrent operator.</param>
/// <param name="Elements">Elements of all constants that are computed, but for four times as many as the file
/// itself has bytes.</param>
/// <param name="Work">Floating-point operations for all of them.</param>
/// <param name="Letters">Letters of all names that are made.</param>
internal sealed record ReadingLimits(int Nodes, int Trips, long Elements, long Work, long Letters)
{
    /// <summary>1 GB of constants; a minute of work on one core.</summary>
    public static ReadingLimits Default { get; } =
        new(Nodes: 1_000_000, Trips: 100_000, Elements: 1L << 27, Work: 1L << 36, Letters: 1L << 28);
}
