namespace PcActors.Tensors.Kernels.Scalars;

/// <summary>log x and log(1 + x) in float64, by IEEE operations alone.</summary>
/// <remarks>Both are within 1 ulp. With x = 2^k (1 + f) and s = f / (2 + f), log(1 + f) is 2 artanh(s), written as
/// f - s (f - s^2 Q(s^2)) because f is exact and the rest is small.</remarks>
internal static class Logarithm
{
    // ln 2 in two parts; an exponent times the first is exact.
    private const double Ln2High = 0.693147180559663;
    private const double Ln2Low = 2.8235290563031577e-13;
    private const double SmallestNormal = 2.2250738585072014e-308;
    private const double Huge = 1e300;
    private const long HalfRootTwo = 0x3FE6A09E667F3BCD;

    // (2 artanh(s) / s - 2) / s^2 by s^2, for |s| <= (sqrt 2 - 1) / (sqrt 2 + 1), to 2^-54.
    private static ReadOnlySpan<double> Core =>
    [
        0.1308707158006738, 0.13268730539100895, 0.15386241293734357, 0.18181795610879042, 0.22222222391987728,
        0.28571428570802404, 0.4000000000000088, 0.6666666666666666,
    ];

    /// <summary>log x.</summary>
    public static double Log(double x) => x switch
    {
        >= SmallestNormal and <= Huge => Log(new DoubleDouble(x, 0), 0),
        > 0 and < SmallestNormal => Log(new DoubleDouble(x * (1L << 54), 0), -54),
        > Huge and < double.PositiveInfinity => Log(new DoubleDouble(x / (1L << 54), 0), 54),
        0 => double.NegativeInfinity,
        double.PositiveInfinity => x,
        _ => double.NaN,
    };

    /// <summary>log(1 + x), accurate for small x too.</summary>
    public static double LogOnePlus(double x)
    {
        if (double.Abs(x) < 5e-17) return x;
        if (!(x > -1) || x > 1e17) return Log(1 + x);
        return Log(DoubleDouble.Sum(1, x), 0);
    }

    /// <summary>log(x 2^exponent) of a positive number in two parts, normal and not huge.</summary>
    private static double Log(DoubleDouble x, int exponent)
    {
        // x / 2^k lies in [1/sqrt 2, sqrt 2).
        var k = (int)((BitConverter.DoubleToInt64Bits(x.High) - HalfRootTwo) >> 52);
        var scale = BitConverter.Int64BitsToDouble((1023L - k) << 52);
        var f = (x.High * scale) - 1 + (x.Low * scale);
        var s = f / (2 + f);
        var z = s * s;
        var rest = s * (f - (z * Polynomial.At(Core, z)));
        double powers = k + exponent;
        return powers == 0 ? f - rest : (powers * Ln2High) + (f - (rest - (powers * Ln2Low)));
    }
}

/// <summary>log x to some 68 bits, which a power needs: an error in it grows with the exponent.</summary>
/// <remarks>log m is 2 artanh((m - 1) / (m + 1)), its series' first terms in two parts.</remarks>
internal static class WideLogarithm
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

    /// <summary>log x, for x positive and finite.</summary>
    public static DoubleDouble Log(double x) => x switch
    {
        < SmallestNormal => Log(x * (1L << 54), -54),
        > Huge => Log(x / (1L << 54), 54),
        _ => Log(x, 0),
    };

    /// <summary>log(x 2^exponent) of a positive number, normal and not huge.</summary>
    private static DoubleDouble Log(double x, int exponent)
    {
        // m = x / 2^k lies in [1/sqrt 2, sqrt 2).
        var k = (int)((BitConverter.DoubleToInt64Bits(x) - HalfRootTwo) >> 52);
        var m = x * BitConverter.Int64BitsToDouble((1023L - k) << 52);
        var s = new DoubleDouble(m - 1, 0).Over(DoubleDouble.Sum(m, 1));
        var z = s.Times(s);
        var tail = new DoubleDouble(z.High * Polynomial.At(Core, z.High), 0);
        var sum = Third.Plus(z.Times(Fifth.Plus(tail)));
        var log = new DoubleDouble(2 * s.High, 2 * s.Low);
        log = log.Plus(log.Times(z.Times(sum)));
        k += exponent;
        return k == 0 ? log : new DoubleDouble(k * Ln2High, k * Ln2Low).Plus(log);
    }
}
