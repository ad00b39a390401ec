using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Functions;

/// <summary>ONNX Elu: x where it is positive, alpha (e^x - 1) elsewhere. Attribute: alpha (1).</summary>
/// <remarks>The pull-back is the error, and alpha e^x error for x of 0 and less.</remarks>
internal readonly struct Elu(double alpha) : IScalarMap<Elu>
{
    public static string OperatorType => "Elu";

    public static int Cost => Flops.Transcendental;

    public static Elu From(Attributes attributes) => new(attributes.Float("alpha", 1));

    public double Value(double x) => x > 0 ? x : alpha * Exponential.ExpMinusOne(x);

    public double Slope(double x, double mu) => x > 0 ? 1 : alpha * Exponential.Exp(x);
}

/// <summary>ONNX Celu: max(0, x) + min(0, alpha (e^(x / alpha) - 1)). Attribute: alpha (1).</summary>
/// <remarks>The pull-back is the error, and e^(x / alpha) error for x of 0 and less.</remarks>
internal readonly struct Celu(double alpha) : IScalarMap<Celu>
{
    public static string OperatorType => "Celu";

    public static int Cost => Flops.Transcendental;

    public static Celu From(Attributes attributes) => new(attributes.Float("alpha", 1));

    public double Value(double x) => double.Max(0, x) + double.Min(0, alpha * Exponential.ExpMinusOne(x / alpha));

    public double Slope(double x, double mu) => x > 0 ? 1 : Exponential.Exp(x / alpha);
}

/// <summary>ONNX Selu: gamma x where x is positive, gamma alpha (e^x - 1) elsewhere.</summary>
/// <remarks>Attributes: alpha (1.67326...), gamma (1.05070...), the constants of G. Klambauer and others, "Self-normalizing
/// neural networks", 2017. The pull-back is gamma error, and gamma alpha e^x error for x of 0 and less.</remarks>
internal readonly struct Selu(double alpha, double gamma) : IScalarMap<Selu>
{
    public static string OperatorType => "Selu";

    public static int Cost => Flops.Transcendental;

    public static Selu From(Attributes attributes) =>
        new(attributes.Float("alpha", 1.67326319217681884765625), attributes.Float("gamma", 1.05070102214813232421875));

    public double Value(double x) => gamma * (x > 0 ? x : alpha * Exponential.ExpMinusOne(x));

    public double Slope(double x, double mu) => gamma * (x > 0 ? 1 : alpha * Exponential.Exp(x));
}
