using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Functions;

/// <summary>ONNX Softplus: log(1 + e^x). The pull-back is sigmoid(x) error.</summary>
internal readonly struct Softplus : IScalarMap<Softplus>
{
    public static string OperatorType => "Softplus";

    public static int Cost => 2 * Flops.Transcendental;

    public double Value(double x) => double.Max(x, 0) + Logarithm.LogOnePlus(Exponential.Exp(-double.Abs(x)));

    public double Slope(double x, double mu) => 1 / (1 + Exponential.Exp(-x));
}

/// <summary>ONNX Softsign: x / (1 + |x|). The pull-back is error / (1 + |x|)^2.</summary>
internal readonly struct Softsign : IScalarMap<Softsign>
{
    public static string OperatorType => "Softsign";

    public static int Cost => 3;

    public double Value(double x) => x / (1 + double.Abs(x));

    public double Slope(double x, double mu) => 1 / ((1 + double.Abs(x)) * (1 + double.Abs(x)));
}

/// <summary>ONNX Mish: x tanh(log(1 + e^x)). With t for the tanh, the pull-back is (t + x (1 - t^2) sigmoid(x)) error.</summary>
internal readonly struct Mish : IScalarMap<Mish>
{
    // From here on, t is 1.
    private const double Far = 40;

    public static string OperatorType => "Mish";

    public static int Cost => Flops.Transcendental + 5;

    public double Value(double x)
    {
        if (x > Far) return x;
        var n = Ratio(Exponential.Exp(x));
        return x * (n / (n + 2));
    }

    public double Slope(double x, double mu)
    {
        if (x > Far) return 1;
        var e = Exponential.Exp(x);
        var n = Ratio(e);
        // 1 - t^2 = 4 (n + 1) / (n + 2)^2, and n + 1 = (e + 1)^2.
        return (n + (4 * x * e * (e + 1) / (n + 2))) / (n + 2);
    }

    /// <summary>tanh(log(1 + e)) is n / (n + 2) of this n.</summary>
    private static double Ratio(double e) => e * (e + 2);
}

/// <summary>ONNX Erf: the error function of each element. The pull-back is 2 / sqrt(pi) e^(-x^2) error.</summary>
internal readonly struct Erf : IScalarMap<Erf>
{
    private const double TwoOverRootPi = 1.1283791670955126;

    public static string OperatorType => "Erf";

    public static int Cost => 2 * Flops.Transcendental;

    public double Value(double x) => ErrorFunction.Erf(x);

    public double Slope(double x, double mu) => TwoOverRootPi * Exponential.Exp(-x * x);
}
