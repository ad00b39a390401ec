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
