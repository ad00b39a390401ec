using PcActors.Tensors.Kernels.Scalars;
using static PcActors.Functions.OperatorAttribute;

namespace PcActors.Functions;

/// <summary>Units of neural networks.</summary>
internal static class ActivationOperators
{
    public static Operator[] All =>
    [
        Operator.Elementwise<Celu>("Celu") with
        {
            Attributes = [Float("alpha", 1)], ElementCost = Flops.Transcendental, Since = 12,
        },
        Operator.Elementwise<Elu>("Elu") with { Attributes = [Float("alpha", 1)], ElementCost = Flops.Transcendental },
        new("Gelu", typeof(Gelu<>))
        {
            Attributes = [Text("approximate", "none", "tanh")], ElementCost = 2 * Flops.Transcendental, Since = 20,
        },
        Operator.Elementwise<HardSigmoid>("HardSigmoid") with
        {
            Attributes = [Float("alpha", 0.2), Float("beta", 0.5)], ElementCost = 4,
        },
        Operator.Elementwise<HardSwish>("HardSwish") with { ElementCost = 5, Since = 14 },
        Operator.Elementwise<LeakyRelu>("LeakyRelu") with { Attributes = [Float("alpha", 0.01)] },
        Operator.Elementwise<Mish>("Mish") with { ElementCost = Flops.Transcendental + 5, Since = 18 },
        Operator.Elementwise<Selu>("Selu") with
        {
            Attributes = [Float("alpha", 1.67326319217681884765625), Float("gamma", 1.05070102214813232421875)],
            ElementCost = Flops.Transcendental,
        },
        Operator.Elementwise<Softplus>("Softplus") with { ElementCost = 2 * Flops.Transcendental },
        Operator.Elementwise<Softsign>("Softsign") with { ElementCost = 3 },
        Operator.Elementwise<ThresholdedRelu>("ThresholdedRelu") with { Attributes = [Float("alpha", 1)], Since = 10 },
    ];
}

/// <summary>ONNX LeakyRelu: x where it is positive, alpha x elsewhere. Attribute: alpha (0.01).</summary>
/// <remarks>The pull-back is the error, and alpha error for x of 0 and less.</remarks>
internal readonly struct LeakyRelu(double alpha) : IScalarMap<LeakyRelu>
{
    public static LeakyRelu From(OperatorSettings settings) => new(settings.Float("alpha"));

    // Without a branch: signs are hard to foretell.
    public double Value(double x) => double.Max(x, 0) + (alpha * double.Min(x, 0));

    public double Slope(double x, double mu) => x > 0 ? 1 : alpha;
}

/// <summary>ONNX ThresholdedRelu: x where it is above alpha, 0 elsewhere. Attribute: alpha (1).</summary>
/// <remarks>The pull-back is the error where x is above alpha, and 0 elsewhere.</remarks>
internal readonly struct ThresholdedRelu(double alpha) : IScalarMap<ThresholdedRelu>
{
    public static ThresholdedRelu From(OperatorSettings settings) => new(settings.Float("alpha"));

    public double Value(double x) => x <= alpha ? 0 : x;

    public double Slope(double x, double mu) => x > alpha ? 1 : 0;
}

/// <summary>ONNX HardSigmoid: alpha x + beta, cut off at 0 and 1. Attributes: alpha (0.2), beta (0.5).</summary>
/// <remarks>The pull-back is alpha error strictly between 0 and 1, and 0 elsewhere.</remarks>
internal readonly struct HardSigmoid(double alpha, double beta) : IScalarMap<HardSigmoid>
{
    public static HardSigmoid From(OperatorSettings settings) => new(settings.Float("alpha"), settings.Float("beta"));

    public double Value(double x) => double.Clamp(Line(x), 0, 1);

    public double Slope(double x, double mu) => Line(x) is > 0 and < 1 ? alpha : 0;

    private double Line(double x) => double.FusedMultiplyAdd(alpha, x, beta);
}

/// <summary>ONNX HardSwish: x times x / 6 + 1/2 cut off at 0 and 1.</summary>
/// <remarks>The pull-back is (x / 3 + 1/2) error between -3 and 3, 0 at -3 and below, the
/// error at 3 and above.</remarks>
internal readonly struct HardSwish : IScalarMap<HardSwish>
{
    public double Value(double x) => x * double.Clamp(double.FusedMultiplyAdd(x, 1.0 / 6, 0.5), 0, 1);

    public double Slope(double x, double mu) => x <= -3 ? 0 : x >= 3 ? 1 : double.FusedMultiplyAdd(x, 1.0 / 3, 0.5);
}

/// <summary>ONNX Elu: x where it is positive, alpha (e^x - 1) elsewhere. Attribute: alpha (1).</summary>
/// <remarks>The pull-back is the error, and alpha e^x error for x of 0 and less.</remarks>
internal readonly struct Elu(double alpha) : IScalarMap<Elu>
{
    public static Elu From(OperatorSettings settings) => new(settings.Float("alpha"));

    public double Value(double x) => x > 0 ? x : alpha * Exponential.ExpMinusOne(x);

    public double Slope(double x, double mu) => x > 0 ? 1 : alpha * Exponential.Exp(x);
}

/// <summary>ONNX Celu: max(0, x) + min(0, alpha (e^(x / alpha) - 1)). Attribute: alpha (1).</summary>
/// <remarks>The pull-back is the error, and e^(x / alpha) error for x of 0 and less.</remarks>
internal readonly struct Celu(double alpha) : IScalarMap<Celu>
{
    public static Celu From(OperatorSettings settings) => new(settings.Float("alpha"));

    public double Value(double x) => double.Max(0, x) + double.Min(0, alpha * Exponential.ExpMinusOne(x / alpha));

    public double Slope(double x, double mu) => x > 0 ? 1 : Exponential.Exp(x / alpha);
}

/// <summary>ONNX Selu: gamma x where x is positive, gamma alpha (e^x - 1) elsewhere.</summary>
/// <remarks>Attributes: alpha (1.67326...), gamma (1.05070...), the constants of G. Klambauer
/// and others, "Self-normalizing neural networks", 2017. The pull-back is gamma error, and gamma alpha e^x error
/// for x of 0 and less.</remarks>
internal readonly struct Selu(double alpha, double gamma) : IScalarMap<Selu>
{
    public static Selu From(OperatorSettings settings) => new(settings.Float("alpha"), settings.Float("gamma"));

    public double Value(double x) => gamma * (x > 0 ? x : alpha * Exponential.ExpMinusOne(x));

    public double Slope(double x, double mu) => gamma * (x > 0 ? 1 : alpha * Exponential.Exp(x));
}

/// <summary>ONNX Softplus: log(1 + e^x). The pull-back is sigmoid(x) error.</summary>
internal readonly struct Softplus : IScalarMap<Softplus>
{
    public double Value(double x) => double.Max(x, 0) + Logarithm.LogOnePlus(Exponential.Exp(-double.Abs(x)));

    public double Slope(double x, double mu) => 1 / (1 + Exponential.Exp(-x));
}

/// <summary>ONNX Softsign: x / (1 + |x|). The pull-back is error / (1 + |x|)^2.</summary>
internal readonly struct Softsign : IScalarMap<Softsign>
{
    public double Value(double x) => x / (1 + double.Abs(x));

    public double Slope(double x, double mu) => 1 / ((1 + double.Abs(x)) * (1 + double.Abs(x)));
}

/// <summary>ONNX Mish: x tanh(log(1 + e^x)). With t for the tanh, the pull-back is (t + x (1 -
/// t^2) sigmoid(x)) error.</summary>
internal readonly struct Mish : IScalarMap<Mish>
{
    // From here on, t is 1.
    private const double Far = 40;

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
