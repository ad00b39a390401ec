using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Functions;

/// <summary>ONNX Gelu: x times the normal distribution's cumulative probability P(x) = erfc(-x / sqrt 2) / 2.</summary>
/// <remarks>Attribute: approximate ("none"); with "tanh", P(x) is (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2 instead. The
/// pull-back is (P(x) + x P'(x)) error.</remarks>
internal readonly struct Gelu(bool isApproximate) : IScalarMap<Gelu>
{
    private const double HalfRoot = 0.7071067811865476;
    private const double InverseRootTwoPi = 0.3989422804014327;
    private const double RootTwoOverPi = 0.7978845608028654;
    private const double Cubic = 0.044715;

    public static string OperatorType => "Gelu";

    public static int Cost => 2 * Flops.Transcendental;

    public static Gelu From(Attributes attributes) => attributes.Text("approximate", "none") switch
    {
        "none" => new(false),
        "tanh" => new(true),
        var other => throw new AttributeException($"the attribute 'approximate' is '{other}'; it is 'none' or 'tanh'"),
    };

    public double Value(double x) => x * Probability(x);

    public double Slope(double x, double mu)
    {
        if (!isApproximate) return Probability(x) + (x * InverseRootTwoPi * Exponential.Exp(-0.5 * x * x));
        var t = Hyperbolic.Tanh(Argument(x));
        var inner = RootTwoOverPi * double.FusedMultiplyAdd(3 * Cubic * x, x, 1);
        return (0.5 * (1 + t)) + (0.5 * x * double.FusedMultiplyAdd(-t, t, 1) * inner);
    }

    private static double Argument(double x) => RootTwoOverPi * x * double.FusedMultiplyAdd(Cubic * x, x, 1);

    private double Probability(double x) => isApproximate
        ? 0.5 * (1 + Hyperbolic.Tanh(Argument(x)))
        : 0.5 * ErrorFunction.Erfc(-HalfRoot * x);
}
