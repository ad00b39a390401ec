using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Functions;

/// <summary>ONNX Sinh: the hyperbolic sine of each element. The pull-back is cosh(x) error.</summary>
internal readonly struct Sinh : IScalarMap<Sinh>
{
    public static string OperatorType => "Sinh";

    public static int Cost => Flops.Transcendental;

    public double Value(double x) => Hyperbolic.Sinh(x);

    public double Slope(double x, double mu) => Hyperbolic.Cosh(x);
}

/// <summary>ONNX Cosh: the hyperbolic cosine of each element. The pull-back is sinh(x) error.</summary>
internal readonly struct Cosh : IScalarMap<Cosh>
{
    public static string OperatorType => "Cosh";

    public static int Cost => Flops.Transcendental;

    public double Value(double x) => Hyperbolic.Cosh(x);

    public double Slope(double x, double mu) => Hyperbolic.Sinh(x);
}

/// <summary>ONNX Asinh: the inverse of sinh. The pull-back is error / sqrt(x^2 + 1).</summary>
internal readonly struct Asinh : IScalarMap<Asinh>
{
    public static string OperatorType => "Asinh";

    public static int Cost => 2 * Flops.Transcendental;

    public double Value(double x) => Hyperbolic.Asinh(x);

    public double Slope(double x, double mu) => 1 / double.Sqrt(double.FusedMultiplyAdd(x, x, 1));
}

/// <summary>ONNX Acosh: the inverse of cosh, NaN below 1. The pull-back is error / sqrt(x^2 - 1).</summary>
internal readonly struct Acosh : IScalarMap<Acosh>
{
    public static string OperatorType => "Acosh";

    public static int Cost => 2 * Flops.Transcendental;

    public double Value(double x) => Hyperbolic.Acosh(x);

    public double Slope(double x, double mu) => 1 / double.Sqrt(double.FusedMultiplyAdd(x, x, -1));
}

/// <summary>ONNX Atanh: the inverse of tanh, NaN outside [-1, 1]. The pull-back is error / (1 - x^2).</summary>
internal readonly struct Atanh : IScalarMap<Atanh>
{
    public static string OperatorType => "Atanh";

    public static int Cost => 2 * Flops.Transcendental;

    public double Value(double x) => Hyperbolic.Atanh(x);

    public double Slope(double x, double mu) => 1 / double.FusedMultiplyAdd(-x, x, 1);
}
