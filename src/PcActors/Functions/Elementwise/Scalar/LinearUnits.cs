namespace PcActors.Functions;

/// <summary>ONNX LeakyRelu: x where it is positive, alpha x elsewhere. Attribute: alpha (0.01).</summary>
/// <remarks>The pull-back is the error, and alpha error for x of 0 and less.</remarks>
internal readonly struct LeakyRelu(double alpha) : IScalarMap<LeakyRelu>
{
    public static string OperatorType => "LeakyRelu";

    public static LeakyRelu From(Attributes attributes) => new(attributes.Float("alpha", 0.01));

    // Without a branch: signs are hard to foretell.
    public double Value(double x) => double.Max(x, 0) + (alpha * double.Min(x, 0));

    public double Slope(double x, double mu) => x > 0 ? 1 : alpha;
}

/// <summary>ONNX ThresholdedRelu: x where it is above alpha, 0 elsewhere. Attribute: alpha (1).</summary>
/// <remarks>The pull-back is the error where x is above alpha, and 0 elsewhere.</remarks>
internal readonly struct ThresholdedRelu(double alpha) : IScalarMap<ThresholdedRelu>
{
    public static string OperatorType => "ThresholdedRelu";

    public static ThresholdedRelu From(Attributes attributes) => new(attributes.Float("alpha", 1));

    public double Value(double x) => x <= alpha ? 0 : x;

    public double Slope(double x, double mu) => x > alpha ? 1 : 0;
}

/// <summary>ONNX HardSigmoid: alpha x + beta, cut off at 0 and 1. Attributes: alpha (0.2), beta (0.5).</summary>
/// <remarks>The pull-back is alpha error strictly between 0 and 1, and 0 elsewhere.</remarks>
internal readonly struct HardSigmoid(double alpha, double beta) : IScalarMap<HardSigmoid>
{
    public static string OperatorType => "HardSigmoid";

    public static int Cost => 4;

    public static HardSigmoid From(Attributes attributes) => new(attributes.Float("alpha", 0.2), attributes.Float("beta", 0.5));

    public double Value(double x) => double.Clamp(Line(x), 0, 1);

    public double Slope(double x, double mu) => Line(x) is > 0 and < 1 ? alpha : 0;

    private double Line(double x) => double.FusedMultiplyAdd(alpha, x, beta);
}

/// <summary>ONNX HardSwish: x times x / 6 + 1/2 cut off at 0 and 1.</summary>
/// <remarks>The pull-back is (x / 3 + 1/2) error between -3 and 3, 0 at -3 and below, the error at 3 and above.</remarks>
internal readonly struct HardSwish : IScalarMap<HardSwish>
{
    public static string OperatorType => "HardSwish";

    public static int Cost => 5;

    public double Value(double x) => x * double.Clamp(double.FusedMultiplyAdd(x, 1.0 / 6, 0.5), 0, 1);

    public double Slope(double x, double mu) => x <= -3 ? 0 : x >= 3 ? 1 : double.FusedMultiplyAdd(x, 1.0 / 3, 0.5);
}
