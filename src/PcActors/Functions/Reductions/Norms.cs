using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Functions;

/// <summary>ONNX ReduceL1: the sum of |x| over axes. The pull-back is the error with x's sign, and 0 where x is 0.</summary>
internal readonly struct ReduceL1 : IReductionMap
{
    public static string OperatorType => "ReduceL1";

    public static double Term(double x) => double.Abs(x);

    public static double Slope(double x, double mu) => x > 0 ? 1 : x < 0 ? -1 : 0;
}

/// <summary>ONNX ReduceL2: the root of the sum of x^2 over axes. The pull-back is x error / mu, and 0 where mu is 0.</summary>
internal readonly struct ReduceL2 : IReductionMap
{
    public static string OperatorType => "ReduceL2";

    public static double Term(double x) => x * x;

    public static double Finish(double sum) => double.Sqrt(sum);

    public static double Slope(double x, double mu) => mu == 0 ? 0 : x / mu;
}

/// <summary>ONNX ReduceSumSquare: the sum of x^2 over axes. The pull-back is 2 x error.</summary>
internal readonly struct ReduceSumSquare : IReductionMap
{
    public static string OperatorType => "ReduceSumSquare";

    public static double Term(double x) => x * x;

    public static double Slope(double x, double mu) => 2 * x;
}

/// <summary>ONNX ReduceLogSum: the logarithm of the sum of x over axes. The pull-back is error / e^mu.</summary>
internal readonly struct ReduceLogSum : IReductionMap
{
    public static string OperatorType => "ReduceLogSum";

    public static double Term(double x) => x;

    public static double Finish(double sum) => Logarithm.Log(sum);

    public static double Slope(double x, double mu) => Exponential.Exp(-mu);
}
