namespace PcActors.Tensors.Kernels.Scalars;

/// <summary>Arc sine, arc cosine and arc tangent in float64, by IEEE operations alone.</summary>
/// <remarks>The arc tangent is within 1.5 ulp, the others within 2.</remarks>
internal static class InverseTrigonometric
{
    private const double RightAngle = 1.5707963267948966;
    private const double RightAngleLow = 6.123233995736766e-17;

    // (atan t - t) / t^3 by t^2, for |t| <= 1/15, to 2^-55.
    private static ReadOnlySpan<double> Core =>
    [
        0.07604068491669227, -0.0909046894260422, 0.1111111009790695, -0.1428571428465948, 0.199999999999996,
        -0.3333333333333333,
    ];

    // atan(k / 8) for k = 0 to 8, in two parts.
    private static ReadOnlySpan<double> Table =>
    [
        0, 0.12435499454676144, 0.24497866312686414, 0.35877067027057225, 0.4636476090008061, 0.5585993153435624,
        0.6435011087932844, 0.7188299996216245, 0.7853981633974483,
    ];

    private static ReadOnlySpan<double> TableLow =>
    [
        0, -3.1253241424539383e-18, 1.0698755618734451e-17, -2.4623815582638635e-17, 2.2698777452961687e-17,
        -5.4556305485916264e-18, 1.5834785051444286e-17, -2.1478388444456983e-17, 3.061616997868383e-17,
    ];

    /// <summary>The arc tangent, from -pi/2 to pi/2.</summary>
    public static double Atan(double x)
    {
        if (double.IsNaN(x)) return x;
        // Beyond it, the reciprocal is far below an ulp of pi/2.
        var angle = double.Abs(x) > 1e18 ? RightAngle : Angle(double.Abs(x), 1);
        return double.CopySign(angle, x);
    }

    /// <summary>The arc sine, from -pi/2 to pi/2; NaN outside [-1, 1].</summary>
    public static double Asin(double x) => double.Abs(x) <= 1
        ? double.CopySign(Angle(double.Abs(x), Other(x)), x)
        : double.NaN;

    /// <summary>The arc cosine, from 0 to pi; NaN outside [-1, 1].</summary>
    public static double Acos(double x)
    {
        if (!(double.Abs(x) <= 1)) return double.NaN;
        var angle = Angle(Other(x), double.Abs(x));
        return x >= 0 ? angle : (2 * RightAngle) - (angle - (2 * RightAngleLow));
    }

    /// <summary>sqrt(1 - x^2).</summary>
    private static double Other(double x) => double.Sqrt(double.FusedMultiplyAdd(-x, x, 1));

    /// <summary>The angle of the point (x, y), both 0 or more, one of them positive: the
    /// arc tangent of y / x.</summary>
    private static double Angle(double y, double x)
    {
        if (y <= x)
        {
            var (table, low, rest) = Parts(y, x);
            return table == 0 ? rest : table + (low + rest);
        }
        var other = Parts(x, y);
        var sum = DoubleDouble.OrderedSum(RightAngle, -other.Table);
        return sum.High + (sum.Low + (RightAngleLow - other.Low) - other.Remainder);
    }

    /// <summary>atan(y / x) for y not above x, as an entry of the table and a rest.</summary>
    private static (double Table, double Low, double Remainder) Parts(double y, double x)
    {
        var k = (int)double.Round(8 * (y / x));
        var t = double.FusedMultiplyAdd(-k * 0.125, x, y) / double.FusedMultiplyAdd(k * 0.125, y, x);
        var z = t * t;
        return (Table[k], TableLow[k], double.FusedMultiplyAdd(t * z, Polynomial.At(Core, z), t));
    }
}
