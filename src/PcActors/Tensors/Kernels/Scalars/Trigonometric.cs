namespace PcActors.Tensors.Kernels.Scalars;

/// <summary>Sine, cosine and tangent in float64, by IEEE operations alone, for angles of any size.</summary>
/// <remarks>Sine and cosine are within 1 ulp, the tangent within 2.</remarks>
internal static class Trigonometric
{
    // (sin r - r) / r^3 by r^2, for |r| <= pi/4, to 2^-56.
    private static ReadOnlySpan<double> SineCore =>
    [
        -7.586681496252475e-13, 1.6058531353948204e-10, -2.5052106230775234e-08, 2.755731921933435e-06,
        -0.0001984126984126506, 0.008333333333333331, -0.16666666666666666,
    ];

    // (cos r - 1 + r^2/2) / r^4 by r^2, for |r| <= pi/4, to 2^-58.
    private static ReadOnlySpan<double> CosineCore =>
    [
        -1.1382609660408365e-11, 2.0876145952384525e-09, -2.755731727021332e-07, 2.4801587298762765e-05,
        -0.0013888888888887395, 0.041666666666666664,
    ];

    // Below it, sine and tangent are the angle itself, 0's sign included.
    private const double Tiny = 1e-9;

    /// <summary>The sine of an angle.</summary>
    public static double Sin(double x) => double.Abs(x) < Tiny ? x : Sine(x, 0);

    /// <summary>The cosine of an angle.</summary>
    public static double Cos(double x) => Sine(x, 1);

    /// <summary>The tangent of an angle.</summary>
    public static double Tan(double x)
    {
        if (double.Abs(x) < Tiny) return x;
        if (!double.IsFinite(x)) return double.NaN;
        var r = AngleReduction.Rest(x, out var quadrant);
        return (quadrant & 1) == 0 ? Sine(r) / Cosine(r) : -Cosine(r) / Sine(r);
    }

    /// <summary>The sine of an angle and some right angles more.</summary>
    private static double Sine(double x, int more)
    {
        if (!double.IsFinite(x)) return double.NaN;
        var r = AngleReduction.Rest(x, out var quadrant);
        quadrant += more;
        var value = (quadrant & 1) == 0 ? Sine(r) : Cosine(r);
        return (quadrant & 2) == 0 ? value : -value;
    }

    private static double Sine(DoubleDouble r)
    {
        var z = r.High * r.High;
        var rest = r.Low * double.FusedMultiplyAdd(-0.5, z, 1);
        return r.High + double.FusedMultiplyAdd(r.High * z, Polynomial.At(SineCore, z), rest);
    }

    private static double Cosine(DoubleDouble r)
    {
        var z = r.High * r.High;
        var sum = DoubleDouble.OrderedSum(1, -0.5 * z);
        return sum.High + (sum.Low + double.FusedMultiplyAdd(z * z, Polynomial.At(CosineCore, z), -r.High * r.Low));
    }
}
