using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Functions;

/// <summary>Trigonometric and hyperbolic functions, and their inverses.</summary>
internal static class TrigonometricOperators
{
    public static Operator[] All =>
    [
        Operator.Elementwise<Acos>("Acos") with { ElementCost = Flops.Transcendental, Since = 7 },
        Operator.Elementwise<Acosh>("Acosh") with { ElementCost = 2 * Flops.Transcendental, Since = 9 },
        Operator.Elementwise<Asin>("Asin") with { ElementCost = Flops.Transcendental, Since = 7 },
        Operator.Elementwise<Asinh>("Asinh") with { ElementCost = 2 * Flops.Transcendental, Since = 9 },
        Operator.Elementwise<Atan>("Atan") with { ElementCost = Flops.Transcendental, Since = 7 },
        Operator.Elementwise<Atanh>("Atanh") with { ElementCost = 2 * Flops.Transcendental, Since = 9 },
        Operator.Elementwise<Cos>("Cos") with { ElementCost = Flops.Transcendental, Since = 7 },
        Operator.Elementwise<Cosh>("Cosh") with { ElementCost = Flops.Transcendental, Since = 9 },
        Operator.Elementwise<Sin>("Sin") with { ElementCost = Flops.Transcendental, Since = 7 },
        Operator.Elementwise<Sinh>("Sinh") with { ElementCost = Flops.Transcendental, Since = 9 },
        Operator.Elementwise<Tan>("Tan") with { ElementCost = 2 * Flops.Transcendental, Since = 7 },
    ];
}

/// <summary>ONNX Sin: the sine of each element. The pull-back is cos(x) error.</summary>
internal readonly struct Sin : IScalarMap<Sin>
{
    public double Value(double x) => Trigonometric.Sin(x);

    public double Slope(double x, double mu) => Trigonometric.Cos(x);
}

/// <summary>ONNX Cos: the cosine of each element. The pull-back is -sin(x) error.</summary>
internal readonly struct Cos : IScalarMap<Cos>
{
    public double Value(double x) => Trigonometric.Cos(x);

    public double Slope(double x, double mu) => -Trigonometric.Sin(x);
}

/// <summary>ONNX Tan: the tangent of each element. The pull-back is (1 + mu^2) error.</summary>
internal readonly struct Tan : IScalarMap<Tan>
{
    public double Value(double x) => Trigonometric.Tan(x);

    public double Slope(double x, double mu) => double.FusedMultiplyAdd(mu, mu, 1);
}

/// <summary>ONNX Asin: the arc sine of each element. The pull-back is error / sqrt(1 - x^2).</summary>
internal readonly struct Asin : IScalarMap<Asin>
{
    public double Value(double x) => InverseTrigonometric.Asin(x);

    public double Slope(double x, double mu) => 1 / double.Sqrt(double.FusedMultiplyAdd(-x, x, 1));
}

/// <summary>ONNX Acos: the arc cosine of each element. The pull-back is -error / sqrt(1 - x^2).</summary>
internal readonly struct Acos : IScalarMap<Acos>
{
    public double Value(double x) => InverseTrigonometric.Acos(x);

    public double Slope(double x, double mu) => -1 / double.Sqrt(double.FusedMultiplyAdd(-x, x, 1));
}

/// <summary>ONNX Atan: the arc tangent of each element. The pull-back is error / (1 + x^2).</summary>
internal readonly struct Atan : IScalarMap<Atan>
{
    public double Value(double x) => InverseTrigonometric.Atan(x);

    public double Slope(double x, double mu) => 1 / double.FusedMultiplyAdd(x, x, 1);
}

/// <summary>ONNX Sinh: the hyperbolic sine of each element. The pull-back is cosh(x) error.</summary>
internal readonly struct Sinh : IScalarMap<Sinh>
{
    public double Value(double x) => Hyperbolic.Sinh(x);

    public double Slope(double x, double mu) => Hyperbolic.Cosh(x);
}

/// <summary>ONNX Cosh: the hyperbolic cosine of each element. The pull-back is sinh(x) error.</summary>
internal readonly struct Cosh : IScalarMap<Cosh>
{
    public double Value(double x) => Hyperbolic.Cosh(x);

    public double Slope(double x, double mu) => Hyperbolic.Sinh(x);
}

/// <summary>ONNX Asinh: the inverse of sinh. The pull-back is error / sqrt(x^2 + 1).</summary>
internal readonly struct Asinh : IScalarMap<Asinh>
{
    public double Value(double x) => Hyperbolic.Asinh(x);

    public double Slope(double x, double mu) => 1 / double.Sqrt(double.FusedMultiplyAdd(x, x, 1));
}

/// <summary>ONNX Acosh: the inverse of cosh, NaN below 1. The pull-back is error / sqrt(x^2 - 1).</summary>
internal readonly struct Acosh : IScalarMap<Acosh>
{
    public double Value(double x) => Hyperbolic.Acosh(x);

    public double Slope(double x, double mu) => 1 / double.Sqrt(double.FusedMultiplyAdd(x, x, -1));
}

/// <summary>ONNX Atanh: the inverse of tanh, NaN outside [-1, 1]. The pull-back is error / (1 - x^2).</summary>
internal readonly struct Atanh : IScalarMap<Atanh>
{
    public double Value(double x) => Hyperbolic.Atanh(x);

    public double Slope(double x, double mu) => 1 / double.FusedMultiplyAdd(-x, x, 1);
}
