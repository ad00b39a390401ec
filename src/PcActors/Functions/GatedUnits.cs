using PcActors.Tensors.Kernels.Scalars;
using static PcActors.Functions.OperatorAttribute;

namespace PcActors.Functions;

/// <summary>Units that let an element pass by its own size.</summary>
internal static class GatedUnitOperators
{
    public static Operator[] All =>
    [
        Operator.Elementwise<Shrink>("Shrink") with
        {
            Attributes = [Float("bias", 0), Float("lambd", 0.5)], Since = 9, ElementCost = 2,
        },
        Operator.Elementwise<Swish>("Swish") with
        {
            Attributes = [Float("alpha", 1)], Since = 24, ElementCost = Flops.Transcendental + 2,
        },
    ];
}

/// <summary>ONNX Shrink: elements beyond lambd, in magnitude, moved by bias towards 0, and 0 for the others.</summary>
/// <remarks>Attributes: lambd (0.5), bias (0). The pull-back is the error beyond lambd, and 0 elsewhere.</remarks>
internal readonly struct Shrink(double lambd, double bias) : IScalarMap<Shrink>
{
    public static Shrink From(OperatorSettings settings) => new(settings.Float("lambd"), settings.Float("bias"));

    public double Value(double x) => x < -lambd ? x + bias : x > lambd ? x - bias : 0;

    public double Slope(double x, double mu) => x < -lambd || x > lambd ? 1 : 0;
}

/// <summary>ONNX Swish: x times the sigmoid of alpha x. Attribute: alpha (1).</summary>
/// <remarks>With s that sigmoid, the pull-back is (s + alpha x s (1 - s)) error.</remarks>
internal readonly struct Swish(double alpha) : IScalarMap<Swish>
{
    public static Swish From(OperatorSettings settings) => new(settings.Float("alpha"));

    public double Value(double x) => x * Gate(alpha * x);

    public double Slope(double x, double mu)
    {
        var gate = Gate(alpha * x);
        return gate + (alpha * x * gate * (1 - gate));
    }

    // Of the two forms the one whose exponential does not overflow.
    private static double Gate(double x)
    {
        var e = Exponential.Exp(-double.Abs(x));
        return x >= 0 ? 1 / (1 + e) : e / (1 + e);
    }
}
