namespace PcActors.Tensors.Kernels.Scalars;

/// <summary>log x and log(1 + x) in float64, by IEEE operations alone.</summary>
/// <remarks>Both are within 0.51 ulp: they are computed to some 68 bits, log m as 2 artanh((m - 1) / (m + 1)).</remarks>
internal static class Logarithm
{
    // ln 2 in two parts; an exponent times the first is exact.
    private const double Ln2High = 0.693147180559663;
    private const double Ln2Low = 2.8235290563031577e-13;
    private const double SmallestNormal = 2.2250738585072014e-308;
    private const double Huge = 1e300;
    private const long HalfRootTwo = 0x3FE6A09E667F3BCD;

    private static readonly DoubleDouble Third = new(0.3333333333333333, 1.850371707708594e-17);
    private static readonly DoubleDouble Fifth = new(0.2, -1.1102230246251566e-17);

    // (artanh s - s - s^3/3 - s^5/5) / s^7 by s^2, for |s| <= (sqrt 2 - 1) / (sqrt 2 + 1), to 2^-56.
    private static ReadOnlySpan<double> Core =>
    [
        0.053086982423901925, 0.052364356496201726, 0.05883025592779582, 0.06666657328006242, 0.07692307762551696,
        0.09090909090649993, 0.11111111111111475, 0.14285714285714285,
    ];

    /// <summary>log x.</summary>
    public static double Log(double x)
    {
        if (!(x > 0) || double.IsPositiveInfinity(x)) return AtTheEdge(x);
        return Wide(x).High;
    }

    /// <summary>log(1 + x), accurate for small x too.</summary>
    public static double LogOnePlus(double x)
    {
        if (double.Abs(x) < 5e-17) return x;
        if (!(x > -1)) return AtTheEdge(1 + x);
        if (x > 1e17) return Log(x);
        return Wide(DoubleDouble.Sum(1, x), 0).High;
    }

    /// <summary>log x to some 68 bits, for x positive and finite.</summary>
    public static DoubleDouble Wide(double x) => x switch
    {
        < SmallestNormal => Wide(new DoubleDouble(x * (1L << 54), 0), -54),
        > Huge => Wide(new DoubleDouble(x / (1L << 54), 0), 54),
        _ => Wide(new DoubleDouble(x, 0), 0),
    };

    /// <summary>log(x 2^exponent) of a positive number in two parts, normal and not huge.</summary>
    private static DoubleDouble Wide(DoubleDouble x, int exponent)
    {
        // m = x / 2^k lies in [1/sqrt 2, sqrt 2).
        var k = (int)((BitConverter.DoubleToInt64Bits(x.High) - HalfRootTwo) >> 52);
        var scale = BitConverter.Int64BitsToDouble((1023L - k) << 52);
        var (high, low) = (x.High * scale, x.Low * scale);
        var above = DoubleDouble.Sum(high, 1);
        var s = DoubleDouble.Sum(high - 1, low).Over(new DoubleDouble(above.High, above.Low + low));
        var z = s.Times(s);
        var tail = new DoubleDouble(z.High * Polynomial.At(Core, z.High), 0);
        var sum = Third.Plus(z.Times(Fifth.Plus(tail)));
        var log = new DoubleDouble(2 * s.High, 2 * s.Low);
        log = log.Plus(log.Times(z.Times(sum)));
        k += exponent;
        return k == 0 ? log : new DoubleDouble(k * Ln2High, k * Ln2Low).Plus(log);
    }

    private static double AtTheEdge(double x) =>
        x == 0 ? double.NegativeInfinity : double.IsPositiveInfinity(x) ? x : double.NaN;
}
