using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Functions;

/// <summary>ONNX Sin: the sine of each element. The pull-back is cos(x) error.</summary>
internal readonly struct Sin : IScalarMap<Sin>
{
    public static string OperatorType => "Sin";

    public static int Cost => Flops.Transcendental;

    public double Value(double x) => Trigonometric.Sin(x);

    public double Slope(double x, double mu) => Trigonometric.Cos(x);
}

/// <summary>ONNX Cos: the cosine of each element. The pull-back is -sin(x) error.</summary>
internal readonly struct Cos : IScalarMap<Cos>
{
    public static string OperatorType => "Cos";

    public static int Cost => Flops.Transcendental;

    public double Value(double x) => Trigonometric.Cos(x);

    public double Slope(double x, double mu) => -Trigonometric.Sin(x);
}

/// <summary>ONNX Tan: the tangent of each element. The pull-back is (1 + mu^2) error.</summary>
internal readonly struct Tan : IScalarMap<Tan>
{
    public static string OperatorType => "Tan";

    public static int Cost => 2 * Flops.Transcendental;

    public double Value(double x) => Trigonometric.Tan(x);

    public double Slope(double x, double mu) => double.FusedMultiplyAdd(mu, mu, 1);
}

/// <summary>ONNX Asin: the arc sine of each element. The pull-back is error / sqrt(1 - x^2).</summary>
internal readonly struct Asin : IScalarMap<Asin>
{
    public static string OperatorType => "Asin";

    public static int Cost => Flops.Transcendental;

    public double Value(double x) => InverseTrigonometric.Asin(x);

    public double Slope(double x, double mu) => 1 / double.Sqrt(double.FusedMultiplyAdd(-x, x, 1));
}

/// <summary>ONNX Acos: the arc cosine of each element. The pull-back is -error / sqrt(1 - x^2).</summary>
internal readonly struct Acos : IScalarMap<Acos>
{
    public static string OperatorType => "Acos";

    public static int Cost => Flops.Transcendental;

    public double Value(double x) => InverseTrigonometric.Acos(x);

    public double Slope(double x, double mu) => -1 / double.Sqrt(double.FusedMultiplyAdd(-x, x, 1));
}

/// <summary>ONNX Atan: the arc tangent of each element. The pull-back is error / (1 + x^2).</summary>
internal readonly struct Atan : IScalarMap<Atan>
{
    public static string OperatorType => "Atan";

    public static int Cost => Flops.Transcendental;

    public double Value(double x) => InverseTrigonometric.Atan(x);

    public double Slope(double x, double mu) => 1 / double.FusedMultiplyAdd(x, x, 1);
}
