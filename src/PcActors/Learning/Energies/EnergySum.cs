namespace PcActors.Learning.Energies;

/// <summary>A sum of energies that does not depend on the order in which they are added, on micro-batches or on nodes:
/// each is rounded once, to a multiple of 2^-60, and these are added exactly.</summary>
/// <param name="High">The upper half; the least numbers stand for a sum that is no number, or is too large to be
/// added exactly.</param>
/// <param name="Low">The lower half.</param>
public readonly record struct EnergySum(long High, ulong Low)
{
    private const double Unit = 1L << 60;
    private const double Bound = 7e19;

    /// <summary>What is not finite.</summary>
    public static EnergySum Infinite { get; } = new(long.MinValue, 0);

    /// <summary>What is 7e19 or more.</summary>
    public static EnergySum Huge { get; } = new(long.MinValue, 1);

    /// <summary>Whether it is known exactly.</summary>
    public bool IsExact => High != long.MinValue;

    /// <summary>Whether it is a number, however large.</summary>
    public bool IsFinite => this != Infinite;

    private Int128 Units => new((ulong)High, Low);

    /// <summary>The sum of two.</summary>
    public static EnergySum operator +(EnergySum left, EnergySum right) =>
        left.IsExact && right.IsExact ? Of(left.Units + right.Units)
        : left.IsFinite && right.IsFinite ? Huge
        : Infinite;

    /// <summary>The sum with one energy more.</summary>
    public EnergySum Add(double energy) => this + Of(energy);

    /// <summary>The sum with some energies more.</summary>
    public EnergySum Add(ReadOnlySpan<double> energies)
    {
        var sum = this;
        foreach (var energy in energies) sum = sum.Add(energy);
        return sum;
    }

    /// <summary>The sum as a number: infinite when it is too large, NaN when it is none.</summary>
    public double ToDouble() => IsExact ? (double)Units / Unit : IsFinite ? double.PositiveInfinity : double.NaN;

    private static EnergySum Of(double energy) =>
        Math.Abs(energy) < Bound ? Of((Int128)(energy * Unit)) : double.IsFinite(energy) ? Huge : Infinite;

    private static EnergySum Of(Int128 units) =>
        Int128.Abs(units) < (Int128)(Bound * Unit) ? new((long)(units >> 64), (ulong)units) : Huge;
}
