namespace PcActors.Tensors.Kernels.Scalars;

/// <summary>Hyperbolic functions and their inverses in float64, by IEEE operations alone.</summary>
/// <remarks>cosh is within 1 ulp, the others within 2.</remarks>
internal static class Hyperbolic
{
    private const double Ln2 = 0.6931471805599453;

    // From here on, e^-x does not change e^x any more.
    private const double Far = 22;

    /// <summary>(e^x - e^-x) / 2.</summary>
    public static double Sinh(double x)
    {
        var size = double.Abs(x);
        if (size > Far) return double.CopySign(Exponential.Exp(new DoubleDouble(size, 0), -1), x);
        var e = Exponential.ExpMinusOne(size);
        return double.CopySign(0.5 * (e + (e / (e + 1))), x);
    }

    /// <summary>(e^x + e^-x) / 2.</summary>
    public static double Cosh(double x)
    {
        var half = Exponential.Exp(new DoubleDouble(double.Abs(x), 0), -1);
        return half + (0.25 / half);
    }

    /// <summary>sinh x / cosh x.</summary>
    public static double Tanh(double x)
    {
        var size = double.Abs(x);
        if (size > Far) return double.CopySign(1, x);
        var e = Exponential.ExpMinusOne(2 * size);
        return double.CopySign(e / (e + 2), x);
    }

    /// <summary>The inverse of sinh.</summary>
    public static double Asinh(double x)
    {
        var size = double.Abs(x);
        var result = size > 1e9
            ? Logarithm.Log(size) + Ln2
            : Logarithm.LogOnePlus(size + (size * size / (1 + double.Sqrt(double.FusedMultiplyAdd(size, size, 1)))));
        return double.CopySign(result, x);
    }

    /// <summary>The inverse of cosh, 0 or more; NaN below 1.</summary>
    public static double Acosh(double x)
    {
        if (!(x >= 1)) return double.NaN;
        if (x > 1e9) return Logarithm.Log(x) + Ln2;
        var above = x - 1;
        return Logarithm.LogOnePlus(above + double.Sqrt(above * (x + 1)));
    }

    /// <summary>The inverse of tanh; NaN outside [-1, 1].</summary>
    public static double Atanh(double x)
    {
        var size = double.Abs(x);
        return double.CopySign(0.5 * Logarithm.LogOnePlus(2 * size / (1 - size)), x);
    }
}
