namespace PcActors.Tests.Functions;

/// <summary>Where a case's input values lie: magnitudes from Low to High, of either sign when Signed.</summary>
/// <remarks>A lower bound above 0 keeps away from kinks (Relu) and poles (Div) that a finite difference would step over.</remarks>
public sealed record Domain(double Low, double High, bool Signed)
{
    public static Domain Nonzero { get; } = new(0.25, 1.5, Signed: true);

    public static Domain Positive { get; } = new(0.25, 2, Signed: false);

    /// <summary>A value that float32 holds exactly, so that both precisions compute from the same inputs.</summary>
    public double Draw(Random random)
    {
        var magnitude = (float)(Low + ((High - Low) * random.NextDouble()));
        return Signed && random.Next(2) == 0 ? -magnitude : magnitude;
    }
}
