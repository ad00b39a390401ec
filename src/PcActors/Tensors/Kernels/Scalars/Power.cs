namespace PcActors.Tensors.Kernels.Scalars;

/// <summary>x^y in float64, by IEEE operations alone: e^(y log x) with the product to some 68 bits.</summary>
internal static class Power
{
    // From here on, every float64 number is an even whole number.
    private const double AllEven = 1L << 53;

    /// <summary>x^y, within 0.62 ulp where the result is not subnormal.</summary>
    /// <remarks>The special values are those of IEEE 754's pow: a negative base has a power
    /// where the exponent is a whole number, and is NaN elsewhere; x^0 and 1^y are 1 even for NaN.</remarks>
    public static double Pow(double x, double y)
    {
        if (y == 2) return x * x;
        if (y == 3 && double.Abs(x) is > 1e-90 and < 1e100) return Cube(x);
        if (y == 0.5 && x > 0) return double.Sqrt(x);
        if (y == 0 || x == 1) return 1;
        if (double.IsNaN(x) || double.IsNaN(y)) return double.NaN;
        var isWhole = double.Abs(y) >= AllEven || y == double.Truncate(y);
        var isOdd = isWhole && double.Abs(y) < AllEven && ((long)y & 1) != 0;
        if (x < 0 && !isWhole && !double.IsInfinity(x)) return double.NaN;
        var magnitude = Magnitude(double.Abs(x), y);
        return isOdd && double.IsNegative(x) ? -magnitude : magnitude;
    }

    /// <summary>x^3, rounded once.</summary>
    private static double Cube(double x)
    {
        var square = DoubleDouble.Product(x, x);
        var cube = DoubleDouble.Product(square.High, x);
        return cube.High + double.FusedMultiplyAdd(square.Low, x, cube.Low);
    }

    /// <summary>x^y for x of 0 or more, infinity included.</summary>
    private static double Magnitude(double x, double y)
    {
        if (x == 1) return 1;
        if (x == 0 || double.IsInfinity(x) || double.IsInfinity(y))
            return x < 1 == y < 0 ? double.PositiveInfinity : 0;
        var log = WideLogarithm.Log(x);
        var product = DoubleDouble.Product(y, log.High);
        return double.Abs(product.High) < 747
            ? Exponential.Exp(new DoubleDouble(product.High, double.FusedMultiplyAdd(y, log.Low, product.Low)))
            : product.High > 0 ? double.PositiveInfinity : 0;
    }
}
