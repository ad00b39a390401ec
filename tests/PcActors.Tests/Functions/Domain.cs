namespace PcActors.Tests.Functions;

/// <summary>Where a case's input values lie: magnitudes from Low to High, of either sign when Signed.</summary>
/// <remarks>A lower bound above 0 keeps away from kinks (Relu) and poles (Div) that a finite
/// difference would step over.</remarks>
public record Domain(double Low, double High, bool Signed)
{
    public static Domain Nonzero { get; } = new(0.25, 1.5, Signed: true);

    public static Domain Positive { get; } = new(0.25, 2, Signed: false);

    /// <summary>Whole numbers from low to high, both included: indices, conditions.</summary>
    public static Domain Whole(int low, int high) => new WholeNumbers(low, high);

    /// <summary>Values no two of which are near each other, for functions that choose one of them.</summary>
    /// <param name="part">Which of several inputs it is for: their values are kept apart too.</param>
    /// <param name="parts">How many inputs there are.</param>
    public static Domain Distinct(int part = 0, int parts = 1) => new DistinctNumbers(part, parts);

    /// <summary>Values that float32 holds exactly, so that both precisions compute from the same inputs.</summary>
    public virtual double[] Draw(Random random, int count)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            var magnitude = (float)(Low + ((High - Low) * random.NextDouble()));
            values[i] = Signed && random.Next(2) == 0 ? -magnitude : magnitude;
        }
        return values;
    }

    private sealed record WholeNumbers(int From, int To) : Domain(From, To, false)
    {
        public override double[] Draw(Random random, int count) =>
            [.. Enumerable.Range(0, count).Select(_ => (double)random.Next(From, To + 1))];
    }

    private sealed record DistinctNumbers(int Part, int Parts) : Domain(0, 0, true)
    {
        private const double Spacing = 1.0 / 32;

        public override double[] Draw(Random random, int count)
        {
            var values = new double[count];
            for (var i = 0; i < count; i++) values[i] = Spacing * ((Parts * (i - (count / 2))) + Part + 0.5);
            random.Shuffle(values);
            return values;
        }
    }
}
