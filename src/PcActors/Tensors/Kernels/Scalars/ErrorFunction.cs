namespace PcActors.Tensors.Kernels.Scalars;

/// <summary>The error function and its complement in float64, by IEEE operations alone.</summary>
/// <remarks>erf is within 1 ulp, erfc within 3 where the result is not subnormal.</remarks>
internal static class ErrorFunction
{
    private const double InverseRootPi = 0.5641895835477563;
    private const double HalfRoot = 0.7071067811865476;
    private const double InverseRootTwoPi = 0.3989422804014327;

    // erf(x) / x - 1 by x^2, for |x| <= 1, to 2^-55.
    private static ReadOnlySpan<double> Core =>
    [
        5.957176147748911e-11, -1.1372848856791674e-09, 1.4659775274047436e-08, -1.6350312701054695e-07,
        1.6461000484121368e-06, -1.4925595266831182e-05, 0.0001205533111164271, -0.000854832698083379,
        0.0052239776248180145, -0.026866170645076792, 0.11283791670954879, -0.3761263890318375, 0.1283791670955126,
    ];

    // e^(x^2) erfc(x) by x - 3/4, for x from 1/2 to 1, to 2^-54.
    private static ReadOnlySpan<double> Near =>
    [
        -1.440376961255891e-05, 4.337915907561481e-05, -0.00012332717214560827, 0.00034666379283020214,
        -0.000938513222881505, 0.002437641069942269, -0.006051532271776434, 0.01428919858470859,
        -0.031897262039946896, 0.06679054252841538, -0.12983606199488007, 0.23095813155129497, -0.3679726916557954,
        0.5069376502931449,
    ];

    // The same by x - 3/2, for x from 1 to 2, to 2^-55.
    private static ReadOnlySpan<double> Middle =>
    [
        1.3242541506849586e-08, -4.9545807838901603e-08, 1.6714292901928126e-07, -5.944961119917664e-07,
        2.0670657912156654e-06, -6.97536222785843e-06, 2.2864299608127746e-05, -7.265887301589559e-05,
        0.0002233099453004411, -0.0006619300701084315, 0.0018861348769919975, -0.0051459575478377826,
        0.013377340953067394, -0.03293090529956527, 0.0761510398554774, -0.16362291773256005, 0.3215854164543175,
    ];

    // The same by x - 3, for x from 2 to 4, to 2^-57.
    private static ReadOnlySpan<double> Far =>
    [
        -3.32463503923892e-13, 1.6647790649164353e-12, -6.555844952443731e-12, 3.165046186861128e-11,
        -1.539306000137148e-10, 7.206556491473509e-10, -3.312780752600577e-09, 1.4977112890287265e-08,
        -6.646690382092543e-08, 2.8926692938101366e-07, -1.2333677143104898e-06, 5.146436493852072e-06,
        -2.0989464462229973e-05, 8.355413963925958e-05, -0.00032412554449670324, 0.0012230390523759822,
        -0.00447943101837258, 0.01588437115987136, -0.05437226000717287, 0.17900115118138996,
    ];

    // (x sqrt(pi) e^(x^2) erfc(x) - 1) x^2 by 1 / x^2, for x from 4 to 28, to 2^-54.
    private static ReadOnlySpan<double> Tail =>
    [
        -1264252976.1662447, 718716622.7879606, -196258497.12997434, 35125400.79143171, -4818166.447828288,
        571869.3994458313, -65450.64342778749, 7879.717284488762, -1055.1572202273005, 162.4154862247084,
        -29.531201976837185, 6.562499765224553, -1.8749999993147233, 0.7499999999989648, -0.4999999999999994,
    ];

    /// <summary>erf(x), 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x.</summary>
    public static double Erf(double x)
    {
        var size = double.Abs(x);
        if (size <= 1) return double.FusedMultiplyAdd(x, Polynomial.At(Core, x * x), x);
        return double.CopySign(size > 6 ? 1 : 1 - Complement(size), x);
    }

    /// <summary>erfc(x) = 1 - erf(x), which is accurate where erf is near 1.</summary>
    public static double Erfc(double x) => x switch
    {
        < 0.5 => 1 - Erf(x),
        > 28 => 0,
        _ => Complement(x),
    };

    /// <summary>erf's slope, 2 / sqrt(pi) e^(-x^2).</summary>
    public static double Slope(double x) => 2 * InverseRootPi * Exponential.Exp(-x * x);

    /// <summary>x times the normal distribution's cumulative probability.</summary>
    public static double Gelu(double x) => x * Probability(x);

    /// <summary>The slope of <see cref="Gelu"/>.</summary>
    public static double GeluSlope(double x) =>
        Probability(x) + (x * InverseRootTwoPi * Exponential.Exp(-0.5 * x * x));

    private static double Probability(double x) => 0.5 * Erfc(-HalfRoot * x);

    /// <summary>erfc from 0.5 on.</summary>
    private static double Complement(double x)
    {
        var square = DoubleDouble.Product(x, x);
        var gauss = Exponential.Exp(new DoubleDouble(-square.High, -square.Low));
        if (x < 1) return gauss * Polynomial.At(Near, x - 0.75);
        if (x < 2) return gauss * Polynomial.At(Middle, x - 1.5);
        if (x < 4) return gauss * Polynomial.At(Far, x - 3);
        var w = 1 / square.High;
        return gauss * double.FusedMultiplyAdd(w, Polynomial.At(Tail, w), 1) * (InverseRootPi / x);
    }
}
