namespace PcActors.Tensors.Kernels.Scalars;

/// <summary>e^x and e^x - 1 in float64, by IEEE operations alone.</summary>
/// <remarks>e^x is within 0.6 ulp where the result is not subnormal, e^x - 1 within 1 ulp.</remarks>
internal static class Exponential
{
    private const double InverseLn2 = 1.4426950408889634;

    // ln 2 in two parts; a whole number of 12 bits times the first is exact.
    private const double Ln2High = 0.693147180559663;
    private const double Ln2Low = 2.8235290563031577e-13;

    // (e^r - 1 - r) / r^2 for |r| <= ln(2) / 2, to 2^-58.
    private static ReadOnlySpan<double> Core =>
    [
        2.0914680780540263e-09, 2.5105208339987698e-08, 2.7557273657975953e-07, 2.7557255421023506e-06,
        2.4801587325536023e-05, 0.00019841269874804214, 0.0013888888888883752, 0.00833333333332614,
        0.04166666666666667, 0.1666666666666667, 0.5,
    ];

    /// <summary>e^x.</summary>
    public static double Exp(double x) => Exp(new DoubleDouble(x, 0));

    /// <summary>e^x 2^power of a number in two parts, for small powers.</summary>
    public static double Exp(DoubleDouble x, int power = 0)
    {
        if (!(double.Abs(x.High) < 747)) return x.High > 0 ? double.PositiveInfinity : x.High < 0 ? 0 : x.High;
        var k = double.Round(x.High * InverseLn2);
        var (r, rest) = Reduce(x, k);
        var sum = DoubleDouble.OrderedSum(1, r);
        return Scale(sum.High + (sum.Low + rest), (int)k + power);
    }

    /// <summary>e^x - 1, accurate for small x too.</summary>
    public static double ExpMinusOne(double x)
    {
        if (double.Abs(x) < 5e-17) return x;
        if (x > 39) return Exp(x);
        if (x < -39) return -1;
        var k = double.Round(x * InverseLn2);
        var (r, rest) = Reduce(new DoubleDouble(x, 0), k);
        if (k == 0) return r + rest;
        var scale = PowerOfTwo((int)k);
        var whole = DoubleDouble.Sum(scale, -1);
        var sum = DoubleDouble.Sum(whole.High, scale * r);
        return sum.High + (sum.Low + whole.Low + (scale * rest));
    }

    /// <summary>e^(x - k ln 2) as 1 + r + rest.</summary>
    private static (double R, double Remainder) Reduce(DoubleDouble x, double k)
    {
        var high = double.FusedMultiplyAdd(-k, Ln2High, x.High);
        var r = DoubleDouble.OrderedSum(high, double.FusedMultiplyAdd(-k, Ln2Low, x.Low));
        return (r.High, double.FusedMultiplyAdd(r.High * r.High, Polynomial.At(Core, r.High), r.Low));
    }

    /// <summary>x 2^k for x near 1, rounded once.</summary>
    private static double Scale(double x, int k)
    {
        var half = k >> 1;
        return x * PowerOfTwo(half) * PowerOfTwo(k - half);
    }

    private static double PowerOfTwo(int k) => BitConverter.Int64BitsToDouble((k + 1023L) << 52);
}
